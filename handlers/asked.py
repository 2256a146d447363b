"""What somebody writes in private soon after a question was put to them answers it, with or without the command's word."""

from __future__ import annotations

from typing import Literal

from domain.day import HOUR
from handlers.call import Call
from scheduler.stages.kind import Firing
from storage import cycles, handins, reflections

About = Literal["survey", "thinking", "form"]
LISTENS = 3 * HOUR
"""So long whatever its person writes is the answer; later it may be a greeting."""


async def note(call: Call, at: Firing, about: About) -> None:
    """A question was put to whoever speaks, in private."""
    await handins.note_asked(call.tx, at.stage, call.house.ids.next(call.now), about, call.me.id, call.now)


async def asked(call: Call, about: About, text: str) -> tuple[Firing, int] | None:
    """The stage whose question was put to this person last, and when; None where the last was another, or a reflection was begun since."""
    if call.incoming.is_group or call.known_me is None or call.incoming.attachments:
        return None
    if not text or text.startswith("/"):
        return None
    last = await handins.asked_last(call.tx, call.group.id, call.me.id)
    if last is None or last.about != about:
        return None
    draft = await reflections.latest_draft(call.tx, call.group.id, call.me.id)
    found = await cycles.stage(call.tx, call.group.id, last.cycle_id, last.place)
    if found is None or (draft is not None and draft.changed_at >= last.at):
        return None
    return call.firing(*found), last.at
