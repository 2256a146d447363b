"""A template that a secretary sent: shown with the days it would have, and kept for the group when she says so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from content.cycles import kept_template
from domain.cycle import times
from domain.errors import UserError
from domain.ids import brief, from_brief
from domain.message import Button, Line, Message, line, on
from domain.template import Template
from domain.template_change import Change, change
from handlers.call import Call, Reply
from handlers.cycle_making import code, offered, shipped
from scheduler.cycle import moment
from scheduler.rhythm import is_study_day
from storage import previews, templates
from storage.previews import TemplateSent
from storage.templates import Kept

OWN_MOST = 12
"""Of its own a group keeps so many: as many as a person reads on one screen."""


async def receive(call: Call, template: Template, text: str) -> Reply:
    stands = await _standing(call, template)
    id = call.house.ids.next(call.now)
    await previews.keep(
        call.tx,
        group_id=call.group.id,
        id=id,
        person_id=call.me.id,
        kind="template",
        body=TemplateSent(text, stands.at if stands else 0).dump(),
        now=call.now,
    )
    return await _preview(call, id, template, stands)


async def keep(call: Call, arg: str) -> Reply:
    id, sent, template = await _waiting(call, arg)
    stands = await _standing(call, template)
    seen = stands.at if stands else 0
    if seen != sent.seen:  # somebody kept another version meanwhile: what was shown is not what would happen
        await previews.change(call.tx, call.group.id, id, TemplateSent(sent.text, seen).dump())
        return await _preview(call, id, template, stands, line("cycle_template.meanwhile"))
    await templates.keep(call.tx, call.group.id, template.key, sent.text, call.me.id, call.now)
    await previews.close(call.tx, call.group.id, id, "loaded")
    return Message(
        (line("cycle_template.kept", title=template.title, group=call.group.name),),
        buttons=((Button(line("cycle_template.begin"), "cycle", f"n_{code(template.key)}"),),),
    )


async def leave(call: Call, arg: str) -> Reply:
    id, _, _ = await _waiting(call, arg)
    await previews.close(call.tx, call.group.id, id, "left")
    return line("cycle_template.left")


async def _waiting(call: Call, arg: str) -> tuple[int, TemplateSent, Template]:
    found = await previews.find(call.tx, call.group.id, from_brief(arg), call.me.id)
    if found is not None and found.kind in ("loaded", "left"):
        raise UserError(f"cycle_template.preview_{found.kind}")
    sent = TemplateSent.parse(found.body) if found and found.kind == "template" else None
    template = kept_template(sent.text) if sent else None
    if found is None or sent is None or template is None:
        raise UserError("bank.preview_gone")
    return found.id, sent, template


async def _standing(call: Call, template: Template) -> Kept | None:
    """The group's own of that key. Raises UserError where there is none, and no room for it either."""
    kept = await templates.of_group(call.tx, call.group.id)
    found = next((one for one in kept if one.key == template.key), None)
    if found is None and len(kept) >= OWN_MOST:
        raise UserError("cycle_template.enough", most=OWN_MOST)
    return found


async def _preview(call: Call, id: int, template: Template, stands: Kept | None, *notes: Line) -> Message:
    arg = brief(id)
    buttons = (
        Button(line("cycle_template.keep"), "cycle", f"t_keep_{arg}"),
        Button(line("bank.leave"), "cycle", f"t_left_{arg}"),
    )
    lines = (
        *notes,
        *_place(call, template, stands),
        *[line("cycle_template.same_title")] * await _shares_its_title(call, template),
        *_days(call, template),
    )
    return Message(lines, title=line("cycle_template.preview", title=template.title), buttons=(buttons,))


async def _shares_its_title(call: Call, template: Template) -> bool:
    return any(one.title == template.title and one.key != template.key for one in await offered(call))


def _place(call: Call, template: Template, stands: Kept | None) -> Iterator[Line]:
    """What it would take the place of, and how it differs from that."""
    instead = next((one for one in shipped(call) if one.key == template.key), None)
    before = kept_template(stands.body) if stands else instead
    if instead:
        yield line("cycle_template.is_variant", of=instead.title)
    if stands:
        yield line("cycle_template.replaces")
    elif not instead:
        yield line("cycle_template.is_new")
    if before:
        yield from _difference(change(before, template))


def _difference(found: Change) -> Iterator[Line]:
    told = {
        "added": found.added,
        "removed": found.removed,
        "moved": found.moved,
        "reworded": found.reworded,
    }
    for name, titles in told.items():
        if titles:
            stages = tuple(line("raw", text=title) for title in titles)
            yield line(f"cycle_template.{name}", stages=stages)
    if found.cover:
        yield line("cycle_template.cover")
    if not (found.cover or any(told.values())):
        yield line("cycle_template.same")


def _days(call: Call, template: Template) -> Iterator[Line]:
    """As it would go if it began on the next day that is no day of rest."""
    rules = call.group.settings
    days = (call.today + timedelta(days=ahead) for ahead in range(1, 31))
    first = next((day for day in days if is_study_day(rules, day)), call.today + timedelta(days=1))
    weekday = line(f"weekday.w{first.weekday()}")
    yield line("cycle_template.if_begun", day=line("cycle.day", day=on(first), weekday=weekday))
    found = times(template, first, rules.timezone, lambda day: not is_study_day(rules, day))
    for spec, one in zip(template.stages, found, strict=True):
        opens, closes = moment(call.group, one.opens_at), moment(call.group, one.closes_at)
        yield line("cycle_template.dated", stage=spec.title, opens=opens, closes=closes)
