"""活动: where an activity stands; and for the secretary: begin one, move it on, extend, skip, cancel, name who is responsible, repeat it.

What changes a running activity goes through a button that names the stage it is for, so it acts once however often it is
pressed, and not at all when the stage has turned meanwhile. How a new one is made stands in handlers/cycle_making.py, and
what moving one brings with it in handlers/cycle_moving.py.
"""

from __future__ import annotations

import re
from dataclasses import replace

from content.web_address import is_web_address
from content.words import fold
from domain.cycle import Cycle, Stage
from domain.dates import day_count
from domain.errors import UserError
from domain.ids import brief, from_brief
from domain.message import Button, Message, line
from handlers import cycle_making, cycle_moving, cycle_templates
from handlers.call import Call, Command, Reply, done_mark
from handlers.cycle_show import extending, list_all, show
from handlers.people import person_meant
from scheduler.cycle import moment
from storage import cycles

LONGEST = 60
"""Days a stage may be extended by at once."""
LINK_CHARS = 500
_WORDS = {
    "new": {"新", "新建", "开始", "開始", "new", "start"},
    "list": {"列表", "全部", "list", "all"},
    "next": {"下一步", "下一环节", "next"},
    "extend": {"延期", "延长", "延長", "extend"},
    "skip": {"跳过", "跳過", "skip"},
    "cancel": {"取消", "cancel"},
    "owner": {"负责", "負責", "负责人", "owner"},
    "link": {"链接", "鏈接", "网址", "link"},
    "repeat": {"每月", "重复", "重複", "repeat", "monthly"},
    "templates": {"模板", "模版", "範本", "templates", "template"},
}
_OF_SECRETARY = ("new", "next", "extend", "skip", "cancel", "owner", "link", "repeat", "templates")
_CODES = {
    "n": "new",
    "x": "next",
    "e": "extend",
    "s": "skip",
    "c": "cancel",
    "o": "owner",
    "r": "repeat",
    "t": "templates",
}
_STAGE = re.compile(
    r"(?P<cycle>[a-z0-9]+)_(?P<place>[0-9]{1,2})(?:_(?P<days>[0-9]{1,2})_(?P<until>[a-z0-9]{1,8}))?"
)
_CODE = {name: code for code, name in _CODES.items()}


async def cycle(call: Call) -> Reply:
    if call.press:
        return await _pressed(call)
    word, _, rest = call.args.partition(" ")
    match next((name for name, words in _WORDS.items() if fold(word) in words), "" if not word else "?"):
        case "new":
            return await cycle_making.new(call, rest.strip())
        case "list":
            return await list_all(call)
        case "next" | "skip" as act:
            return await _ask(call, act)
        case "extend":
            return await _ask(call, "extend", _days(rest))
        case "cancel":
            return await _ask_to_cancel(call)
        case "owner":
            return await _owner(call, rest)
        case "link":
            return await _link(call, rest)
        case "repeat":
            return await _repeat(call, rest.strip())
        case "templates":
            return await cycle_templates.asked(call, rest.strip())
        case "":
            return await show(call)
    raise UserError("cycle.unclear")


async def _pressed(call: Call) -> Reply:
    code, _, rest = call.args.partition("_")
    if code == "v":
        return await show(call, from_brief(rest))
    if code == "n":
        return await cycle_making.step(call, rest)
    if code == "t":
        return await cycle_templates.pressed(call, rest)
    if code == "c":
        return await cycle_moving.cancel(call, await _named(call, rest))
    meant = _STAGE.fullmatch(rest)
    if meant is None:
        raise UserError("button.old")
    current, stage = await _stage(call, await _named(call, meant["cycle"]), int(meant["place"]))
    match _CODES.get(code):
        case "next":
            return await cycle_moving.go_on(call, current, stage)
        case "extend" if meant["days"]:
            cycle_moving.check_was_not_extended(call, stage, meant["until"])
            return await cycle_moving.extend(call, current, stage, int(meant["days"]))
        case "skip":
            return await cycle_moving.skip(call, current, stage)
    raise UserError("button.old")


async def _named(call: Call, id: str) -> Cycle:
    found = await cycles.find(call.tx, call.group.id, from_brief(id))
    if found is None:
        raise UserError("cycle.none")
    if found.state != "running":
        raise UserError("cycle.ended", cycle=found.title)
    return found


async def _current(call: Call) -> Cycle:
    """The one that is running; of several the newest."""
    running = await cycles.running(call.tx, call.group.id)
    if not running:
        raise UserError("cycle.none")
    return running[-1]


async def _stage(call: Call, current: Cycle, place: int) -> tuple[Cycle, Stage]:
    stages = await cycles.stages(call.tx, current)
    if place >= len(stages) or stages[place].state in ("closed", "skipped"):
        raise UserError("cycle.turned_already")
    return current, stages[place]


def _where_it_stands(stages: tuple[Stage, ...]) -> Stage:
    """The stage that is open, else the one that opens next. Raises UserError where all is done."""
    for state in ("open", "planned"):
        for stage in stages:
            if stage.state == state:
                return stage
    raise UserError("cycle.turned_already")


async def _ask(call: Call, act: str, days: int = 0) -> Message:
    """What is about to happen, under a button that makes it happen to that stage and no other."""
    current = await _current(call)
    stage = _where_it_stands(await cycles.stages(call.tx, current))
    arg = extending(stage, days) if days else f"{_CODE[act]}_{stage.arg}"
    key = f"cycle.ask_{act}" if act != "next" or stage.state == "open" else "cycle.ask_open"
    asked = line(key, cycle=current.title, stage=stage.spec.title, days=days)
    return Message((asked,), buttons=((Button(line(f"cycle.do_{act}"), "cycle", arg),),))


def _days(text: str) -> int:
    days = day_count(text) or 0
    if not 1 <= days <= LONGEST:
        raise UserError("cycle.days_unclear", most=LONGEST)
    return days


async def _ask_to_cancel(call: Call) -> Message:
    current = await _current(call)
    button = Button(line("cycle.do_cancel"), "cycle", f"c_{brief(current.id)}")
    return Message((line("cycle.ask_cancel", cycle=current.title),), buttons=((button,),))


async def _owner(call: Call, rest: str) -> Reply:
    """活动 负责 @张三 [环节]: of the stage named, else of the one where the activity stands."""
    name, _, wanted = rest.strip().partition(" ")
    if not name:
        raise UserError("cycle.owner_how")
    person = await person_meant(replace(call, args=rest.strip()), "cycle")
    if isinstance(person, Message):
        raise UserError("person.name_needed")
    current = await _current(call)
    stages = await cycles.stages(call.tx, current)
    stage = _stage_named(stages, wanted) if wanted.strip() else _where_it_stands(stages)
    if stage.state in ("closed", "skipped"):
        raise UserError("cycle.turned_already")
    await cycles.change(call.tx, [replace(stage, owner=person.id)])
    key, at = (
        ("cycle.yours", stage.opens_at) if stage.state == "planned" else ("cycle.yours_now", stage.closes_at)
    )
    yours = line(key, cycle=current.title, stage=stage.spec.title, when=moment(call.group, at))
    await cycle_making.tell_member(call, person.id, yours)
    return line("cycle.done_owner", stage=stage.spec.title, name=person.name)


async def _link(call: Call, rest: str) -> Reply:
    """活动 链接 [环节] https://…: of the stage named, else of the talk that is on or comes next, else of where the activity stands."""
    *named, address = rest.split() or [""]
    if not is_web_address(address) or len(address) > LINK_CHARS:
        raise UserError("cycle.link_how")
    stages = await cycles.stages(call.tx, await _current(call))
    stage = _stage_named(stages, " ".join(named)) if named else _talk(stages) or _where_it_stands(stages)
    if stage.state in ("closed", "skipped"):
        raise UserError("cycle.turned_already")
    await cycles.change(call.tx, [replace(stage, link=address)])
    await call.tell_group(Message((line("cycle.link_set", stage=stage.spec.title, link=address),)))
    return done_mark(call, line("cycle.done_link", stage=stage.spec.title))


def _talk(stages: tuple[Stage, ...]) -> Stage | None:
    coming = [stage for stage in stages if stage.state in ("open", "planned")]
    return next((stage for stage in coming if stage.spec.form == "live"), None)


def _stage_named(stages: tuple[Stage, ...], wanted: str) -> Stage:
    for stage in stages:
        if fold(wanted) in (fold(stage.spec.title), fold(stage.spec.key), str(stage.place + 1)):
            return stage
    titles = tuple(line("raw", text=stage.spec.title) for stage in stages)
    raise UserError("cycle.no_such_stage", stages=titles)


async def _repeat(call: Call, word: str) -> Reply:
    current = await _current(call)
    off = fold(word) in {"关", "關", "off", "no", "不"}
    await cycles.set_repeats(call.tx, current, "" if off else "monthly")
    return line("cycle.repeats_no" if off else "cycle.repeats", cycle=current.title)


def _for_secretary() -> frozenset[str]:
    words = {fold(word) for name in _OF_SECRETARY for word in _WORDS[name]}
    return frozenset(words | _CODES.keys())


COMMAND = Command("cycle", cycle, takes_text=True, for_secretary=_for_secretary())
