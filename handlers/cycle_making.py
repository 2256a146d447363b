"""How an activity begins: in one line (活动 新 practice-summary 3月7日), or by buttons, template first and then the day."""

from __future__ import annotations

import re
from datetime import date, timedelta

from content.cycles import PackFaults, parse_template
from content.words import fold
from domain.dates import parse_day
from domain.errors import UserError
from domain.message import Button, Line, Message, line
from domain.template import Template
from handlers.call import Call, Reply
from scheduler import cycle as time_of
from scheduler.cycle import moment
from storage import cycles, members, templates
from storage.telling import tell_person

FARTHEST = 366
"""Days ahead an activity may begin."""
RUNNING_MOST = 5
"""Activities at once: more than a group can follow."""
_DAYS_OFFERED = 4
_NUMBER = re.compile(r"[0-9]{1,6}")


async def new(call: Call, text: str) -> Reply:
    """``模板 [日期] [标题]``; what is missing is asked by buttons."""
    if not text:
        return await step(call, "")
    word, _, rest = text.partition(" ")
    plan = await _template(call, word)
    day, _, title = rest.strip().partition(" ")
    if not day:
        return _ask_day(call, plan, await _place_of(call, plan))
    return await _begin(call, plan, _day(call, day), title.strip())


async def step(call: Call, so_far: str) -> Reply:
    """By buttons: which template, then which day, as a number of days from today."""
    found = await offered(call)
    place, _, day = so_far.partition("_")
    if not place:
        lines = tuple(line("cycle.offered", title=one.title, about=one.about) for one in found)
        buttons = tuple(
            (Button(line("raw", text=one.title), "cycle", f"n_{n}", call.me.id),)
            for n, one in enumerate(found)
        )
        return Message((*lines, line("cycle.type_it")), title=line("cycle.which"), buttons=buttons)
    plan = found[int(place)] if _NUMBER.fullmatch(place) and int(place) < len(found) else None
    if plan is None or (day and not _NUMBER.fullmatch(day)):
        raise UserError("button.old")
    if not day:
        return _ask_day(call, plan, int(place))
    return await _begin(call, plan, date.fromordinal(int(day) or 1), "")


async def offered(call: Call) -> list[Template]:
    """The shipped templates in the group's language and the group's own, which take the place of those of their key."""
    own = {}
    for text in await templates.of_group(call.tx, call.group.id):
        try:
            template = parse_template(text)
        except PackFaults:  # an older version's, which today's rules refuse
            continue
        own[template.key] = template
    shipped = {one.key: one for one in call.house.templates if one.language == call.group.settings.language}
    return list({**shipped, **own}.values())


async def _template(call: Call, word: str) -> Template:
    """By its key, its title, or its place in the list. Raises UserError where there is none."""
    found = await offered(call)
    for place, one in enumerate(found, 1):
        if fold(word) in (fold(one.key), fold(one.title), str(place)):
            return one
    raise UserError("cycle.no_template", templates=tuple(line("raw", text=one.title) for one in found))


async def _place_of(call: Call, plan: Template) -> int:
    return [one.key for one in await offered(call)].index(plan.key)


def _ask_day(call: Call, plan: Template, place: int) -> Message:
    today = call.today
    monday = today + timedelta(days=7 - today.weekday())
    days = sorted({today, today + timedelta(days=1), monday, monday + timedelta(days=5)})[:_DAYS_OFFERED]
    buttons = tuple(
        (Button(_shown(day), "cycle", f"n_{place}_{day.toordinal()}", call.me.id),) for day in days
    )
    return Message((line("cycle.which_day", template=plan.title),), buttons=buttons)


def _shown(day: date) -> Line:
    return line(
        "cycle.day", day=line(f"date.m{day.month}", day=day.day), weekday=line(f"weekday.w{day.weekday()}")
    )


def _day(call: Call, text: str) -> date:
    try:
        return parse_day(text, call.today)
    except ValueError:
        raise UserError("cycle.day_unclear") from None


async def _begin(call: Call, plan: Template, starts_on: date, title: str) -> Reply:
    if not 0 <= (starts_on - call.today).days <= FARTHEST:
        raise UserError("cycle.day_out_of_range")
    if len(title) > 40:
        raise UserError("cycle.title_too_long", most=40)
    running = await cycles.running(call.tx, call.group.id)
    if any(one.plan.key == plan.key and one.starts_on == starts_on for one in running):
        raise UserError("cycle.running_already", cycle=plan.title)
    if len(running) >= RUNNING_MOST:
        raise UserError("cycle.too_many", most=RUNNING_MOST)
    made = await time_of.begin(
        call.tx, call.house.ids, call.group, plan, starts_on, by=call.me.id, now=call.now, title=title
    )
    stages = await cycles.stages(call.tx, made)
    lines = tuple(
        line("cycle.stage_planned", stage=one.spec.title, when=moment(call.group, one.opens_at))
        for one in stages
    )
    begun = Message(lines, title=line("cycle.begun", cycle=made.title))
    await time_of.advance(call.tx, call.house.ids, call.group, made, call.now)
    return begun


async def tell_member(call: Call, person_id: int, said: Line) -> None:
    person = await members.find(call.tx, call.group.id, person_id)
    if person is not None:
        await tell_person(call.tx, call.house.ids, call.now, call.group, person, Message((said,)))
