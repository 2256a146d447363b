"""How an activity begins: in one line (活动 新 practice-summary 3月7日), or by buttons, template first and then the day."""

from __future__ import annotations

import re
from datetime import date, timedelta

from content.cycles import kept_template
from content.words import fold
from domain.dates import parse_day
from domain.errors import UserError
from domain.ids import brief, from_brief
from domain.message import Button, Line, Message, line
from domain.template import Template
from handlers.call import Call, Reply
from scheduler import cycle as time_of
from scheduler.cycle import moment
from storage import cycles, members, templates
from storage.telling import tell_person
from storage.tx import key_of

FARTHEST = 366
"""Days ahead an activity may begin."""
RUNNING_MOST = 5
"""Activities at once: more than a group can follow."""
ABOUT_CHARS = 200
"""Of a description: a message has room for many, and the file has the whole."""
_DAYS_OFFERED = 4
_NAME_WORDS = 20
"""Of a template's title, which has 60 characters at most; looking further would find nothing."""
_CODES = 36**6
_BUTTON = re.compile(r"(?P<code>[0-9a-z]{1,6})(?:_(?P<day>[0-9a-z]{1,4}))?")


async def new(call: Call, text: str) -> Reply:
    """``模板 [日期] [标题]``; what is missing is asked by buttons."""
    if not text:
        return await step(call, "")
    plan, rest = await template_named(call, text.split())
    day, _, title = rest.partition(" ")
    if not day:
        return _ask_day(call, plan)
    return await _begin(call, plan, _day(call, day), title.strip())


async def step(call: Call, so_far: str) -> Reply:
    """By buttons: which template, then which day."""
    found = await offered(call)
    if not so_far:
        lines = tuple(described(one) for one in found)
        buttons = tuple(
            (Button(line("raw", text=one.title), "cycle", f"n_{code(one.key)}", call.me.id),) for one in found
        )
        return Message((*lines, line("cycle.type_it")), title=line("cycle.which"), buttons=buttons)
    pressed = _BUTTON.fullmatch(so_far)
    plan = next((one for one in found if pressed and code(one.key) == pressed["code"]), None)
    if plan is None or pressed is None:
        raise UserError("button.old")
    if not pressed["day"]:
        return _ask_day(call, plan)
    return await _begin(call, plan, date.fromordinal(from_brief(pressed["day"]) or 1), "")


def described(one: Template) -> Line:
    if not one.about:
        return line("raw", text=one.title)
    return line("cycle.offered", title=one.title, about=about(one))


def about(one: Template) -> str:
    on_one_line = " ".join(one.about.split())
    return on_one_line if len(on_one_line) <= ABOUT_CHARS else on_one_line[: ABOUT_CHARS - 1] + "…"


def code(key: str) -> str:
    """What a button names a template by: it stays the same when others come and go."""
    return brief(key_of(key) % _CODES)


async def offered(call: Call) -> list[Template]:
    """The shipped templates in the group's language, and last the group's own, which stand in for those of their key."""
    kept = await templates.of_group(call.tx, call.group.id)
    own = [one for each in kept if (one := kept_template(each.body)) is not None]
    keys = {one.key for one in own}
    return [*(one for one in shipped(call) if one.key not in keys), *own]


def shipped(call: Call) -> list[Template]:
    return [one for one in call.house.templates if one.language == call.group.settings.language]


async def template_named(call: Call, words: list[str]) -> tuple[Template, str]:
    """By its title, of one word or several, its key, or its place in the list; and what follows. Raises UserError for none."""
    found = await offered(call)
    named = {name: one for place, one in enumerate(found, 1) for name in _names(one, place)}
    for count in range(min(len(words), _NAME_WORDS), 0, -1):
        if one := named.get(fold(" ".join(words[:count]))):
            return one, " ".join(words[count:])
    raise UserError("cycle.no_template", templates=tuple(line("raw", text=one.title) for one in found))


def _names(template: Template, place: int) -> tuple[str, ...]:
    key = fold(template.key)
    return str(place), key, key.removesuffix(f"-{template.language}"), fold(" ".join(template.title.split()))


def _ask_day(call: Call, plan: Template) -> Message:
    today = call.today
    monday = today + timedelta(days=7 - today.weekday())
    days = sorted({today, today + timedelta(days=1), monday, monday + timedelta(days=5)})[:_DAYS_OFFERED]
    buttons = tuple(
        (Button(_shown(day), "cycle", f"n_{code(plan.key)}_{brief(day.toordinal())}", call.me.id),)
        for day in days
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
    await time_of.advance(call.tx, call.house.ids, call.group, made, call.now, call.house.rules)
    return begun


async def tell_member(call: Call, person_id: int, said: Line) -> None:
    person = await members.find(call.tx, call.group.id, person_id)
    if person is not None:
        await tell_person(call.tx, call.house.ids, call.now, call.group, person, Message((said,)))
