"""查阅: who looked at one's details; for the secretary, all such looks in the group. And `looked`, which notes one."""

from __future__ import annotations

from typing import Literal

from domain.day import local, show_clock
from domain.group import Role
from domain.ids import brief, from_brief
from domain.message import Button, Line, Message, line, on
from handlers.call import Call, Command, Reply, Where
from storage import audit
from storage.audit import NEWEST, Look

What = Literal["missing", "export", "rewards", "alike", "evaluation", "owing"]
"""What somebody may look at that is not for all to see; each has its words in the texts, below ``audit``."""
SHOWN = 10


async def looked(call: Call, what: What, *, about: int = 0, days: str = "") -> None:
    """Note that who speaks has seen others' details: one person's, or (0) the whole group's."""
    await audit.note(
        call.tx,
        call.house.ids,
        call.now,
        group_id=call.group.id,
        by=call.me.id,
        about=about,
        what=f"{what} {days}".strip(),
    )


async def show(call: Call) -> Reply:
    """The newest, or for the button those before."""
    whole = call.role >= Role.SECRETARY
    before = (from_brief(call.args) or NEWEST) if call.press else NEWEST
    found = await _looks(call, whole, before)
    if not found:
        return line("audit.nobody_group") if whole else line("audit.nobody")
    lines = [_entry(call, look) for look in found[:SHOWN]]
    older = Button(line("audit.older"), "audit", brief(found[SHOWN - 1].id)) if len(found) > SHOWN else None
    return Message(
        (*lines, line("audit.about_group") if whole else line("audit.about")),
        title=line("audit.title", group=call.group.name),
        buttons=((older,),) if older else (),
    )


async def _looks(call: Call, whole: bool, before: int) -> list[Look]:
    """One more than is shown, to know whether there are more."""
    if whole:
        return await audit.of_group(call.tx, call.group.id, before, SHOWN + 1)
    return await audit.of_member(call.tx, call.group.id, call.me.id, before, SHOWN + 1)


def _entry(call: Call, look: Look) -> Line:
    wall = local(look.at, call.group.settings.timezone)
    when = line("audit.when", day=on(wall.date()), time=show_clock(wall.hour * 60 + wall.minute))
    by = look.by or line("audit.erased")
    what = what_was_seen(look.what)
    if look.about:
        return line("audit.entry_about", when=when, by=by, what=what, name=look.about)
    return line("audit.entry", when=when, by=by, what=what)


def what_was_seen(what: str) -> Line:
    kind, _, days = what.partition(" ")
    seen = line(f"audit.what_{kind}")
    return line("audit.of_days", what=seen, days=days) if days else seen


COMMAND = Command("audit", show, where=Where.PRIVATE, topic="data")
