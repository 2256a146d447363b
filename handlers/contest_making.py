"""How a contest is made: in one line or by buttons, within the group or against others, who are let in by a code; and called off."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from domain.contest import DAYS_AHEAD, USUAL_QUESTIONS, Plan, read_plan
from domain.day import MINUTE, instant, local
from domain.errors import UserError
from domain.ids import brief
from domain.message import Button, Line, Message, line
from handlers.call import Call, Reply, done_mark
from handlers.contest_board import when_line
from handlers.rounds import whisper
from scheduler import contest as time_of
from scheduler.contest import show_boards, title_of
from storage import contests, due, groups, rounds, setup_codes
from storage.contests import Contest
from storage.telling import tell_group

EVENING = 20 * 60
LENGTH = 30
SOON = 10
"""Minutes from midnight, and minutes: what the buttons offer."""
COUNTS = (5, USUAL_QUESTIONS, 20)


async def new(call: Call, text: str) -> Reply:
    if not text.strip():
        return await step(call, "")
    today = local(call.now, call.group.settings.timezone).date()
    return await _make(call, read_plan(text, today))


async def step(call: Call, so_far: str) -> Reply:
    """By buttons: first the sides, then the time, then how many questions. ``so_far`` is what was pressed, parted by ``_``."""
    await _check_free(call)
    chosen = so_far.split("_") if so_far else []
    if len(chosen) == 3:
        return await _make(call, _plan(call, *chosen))
    options = (_sides, _times, _counts)[len(chosen)](call)
    buttons = tuple(
        (Button(label, "contest", "_".join(("n", *chosen, value)), call.me.id),) for label, value in options
    )
    ask = line(("contest.ask_sides", "contest.ask_time", "contest.ask_count")[len(chosen)])
    return Message((ask,) if chosen else (line("contest.make"), ask), buttons=buttons)


def _sides(call: Call) -> list[tuple[Line, str]]:
    return [(line("contest.two"), "2"), (line("contest.three"), "3"), (line("contest.against"), "v")]


def _times(call: Call) -> list[tuple[Line, str]]:
    rules = call.group.settings
    wall = local(call.now, rules.timezone)
    times = [(line("contest.soon"), "s"), (line("contest.tonight"), "t"), (line("contest.tomorrow"), "m")]
    late = wall.hour * 60 + wall.minute >= EVENING
    quiet = rules.after_quiet(call.now + SOON * MINUTE) != call.now + SOON * MINUTE
    return [one for one in times if not (one[1] == "t" and late) and not (one[1] == "s" and quiet)]


def _counts(call: Call) -> list[tuple[Line, str]]:
    return [(line("contest.count", count=count), str(count)) for count in COUNTS]


def _plan(call: Call, sides: str, when: str, count: str) -> Plan:
    wall = local(call.now, call.group.settings.timezone)
    today, minute = wall.date(), wall.hour * 60 + wall.minute
    day = today + timedelta(days=1) if when == "m" else today
    starts = minute + SOON if when == "s" else EVENING
    versus = sides == "v"
    return Plan("", day, starts, starts + LENGTH, int(count), () if versus else ("",) * int(sides), versus)


async def _make(call: Call, plan: Plan) -> Reply:
    await _check_free(call)
    contest = await _checked(call, plan)
    await contests.add(call.tx, contest)
    for name in (call.group.name,) if plan.versus else plan.teams:
        await contests.add_side(call.tx, contest.host, contest.id, name, call.group.id if plan.versus else 0)
    await time_of.plan(call.tx, contest)
    await show_boards(call.tx, call.house.ids, contest.id, call.now)
    if plan.versus:
        return await invite(call, contest)
    made = line("contest.made", title=title_of(contest), when=when_line(call.group, contest))
    return done_mark(call, made) if not call.press else made


async def _check_free(call: Call) -> None:
    if call.group.paused:
        raise UserError("contest.paused")
    if await contests.current(call.tx, call.group.id):
        raise UserError("contest.one_at_a_time")


async def _checked(call: Call, plan: Plan) -> Contest:
    """Raises UserError where that time or that bank will not do."""
    rules = call.group.settings
    size = await rounds.size_of(call.tx, rules.questions)
    if not size:
        raise UserError("round.no_bank")
    starts, ends = (instant(plan.day, minutes, rules.timezone) for minutes in (plan.starts, plan.ends))
    if starts <= call.now:
        raise UserError("contest.past")
    if (plan.day - call.today).days > DAYS_AHEAD:
        raise UserError("contest.too_far", days=DAYS_AHEAD)
    if rules.after_quiet(starts) != starts:
        raise UserError("contest.quiet")
    id, host = call.house.ids.next(call.now), call.group.id
    return Contest(
        host, id, host, plan.title, rules.questions, min(plan.questions, size), "open", starts, ends
    )


async def invite(call: Call, contest: Contest) -> Reply:
    """A code for one other group, told to the secretary alone."""
    await _check_host(call, contest)
    if contest.state != "open" or call.now >= contest.starts_at:
        raise UserError("contest.begun_already")
    code = _code(call.house.new_token())
    while not await contests.invite(call.tx, code, contest, call.now):
        code = _code(call.house.new_token())
    lines = (
        line("contest.made", title=title_of(contest), when=when_line(call.group, contest)),
        line("contest.code", code=code),
    )
    return await whisper(call, Message(lines))


async def _check_host(call: Call, contest: Contest) -> None:
    if contest.host != call.group.id:
        raise UserError("contest.host_only")
    if not any(side.of_group for side in await contests.sides(call.tx, contest.host, contest.id)):
        raise UserError("contest.within_the_group")


def _code(token: str) -> str:
    """Eight digits, which can be read out over the telephone."""
    return setup_codes.shown(int(hashlib.sha256(token.encode()).hexdigest(), 16) % 10**setup_codes.DIGITS)


async def accept(call: Call, code: str) -> Reply:
    await _check_free(call)
    host = await contests.redeem(call.tx, code, call.now) if code.strip() else None
    if host is None or host.state != "open":
        raise UserError("contest.bad_code")
    if host.host == call.group.id:
        raise UserError("contest.own_code")
    if not await contests.add_side(call.tx, host.host, host.id, call.group.name, call.group.id):
        raise UserError("contest.full")
    group = call.group.id
    here = Contest(
        group, host.id, host.host, host.title, host.bank, host.questions, "open", host.starts_at, host.ends_at
    )
    await contests.add(call.tx, here)
    await time_of.plan(call.tx, here)
    await show_boards(call.tx, call.house.ids, here.id, call.now)
    return done_mark(call, line("contest.accepted", title=title_of(here), when=when_line(call.group, here)))


async def cancel(call: Call, contest: Contest) -> Reply:
    """For all that take part; whoever is answering is told when they answer next."""
    if contest.host != call.group.id:
        raise UserError("contest.host_only")
    called_off = Message((line("contest.cancelled", title=title_of(contest)),))
    for group_id in await contests.groups_in(call.tx, contest.id):
        await contests.set_state(call.tx, group_id, contest.id, "cancelled")
        await rounds.withdraw(call.tx, group_id, time_of.ROUND, brief(contest.id))
        await due.cancel(call.tx, group_id, time_of.KINDS)
        if group := await groups.find(call.tx, group_id):
            await tell_group(call.tx, call.house.ids, call.now, group, called_off)
    await show_boards(call.tx, call.house.ids, contest.id, call.now)
    return done_mark(call, line("contest.cancelled", title=title_of(contest)))
