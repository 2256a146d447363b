"""An activity cycle in time: every stage opens, reminds, closes and sums up by itself, each once, in order, also after a stop."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from content.points import shipped_rules
from domain.cycle import Cycle, Stage, times
from domain.day import DAY, HOUR, instant, local
from domain.group import Group, Member, Settings
from domain.ids import Ids, brief, from_brief
from domain.message import Line, Message, line
from domain.points import Rules
from domain.template import Template
from domain.works import is_for_works, voting_from
from scheduler import rhythm, teams
from scheduler.moments import moment as moment
from scheduler.stages import KINDS, exhibition
from scheduler.stages.kind import Firing, Opening
from storage import cycles, due, leaves, members, outbox
from storage.due import Due
from storage.tx import Tx

STAGE = "stage"
LAST_CALL = 4 * HOUR
"""Before a stage closes, at the least: who hears of its last day still has an afternoon."""
OPEN, CLOSE, OWNER, HALF, LAST = "open", "close", "owner", "half", "last"


async def begin(
    tx: Tx, ids: Ids, group: Group, plan: Template, starts_on: date, *, by: int, now: int, title: str = ""
) -> Cycle:
    """Start a cycle of that template. A stage whose time has passed already opens at the next tick."""
    cycle = Cycle(group.id, ids.next(now), title or plan.title, plan, "running", starts_on, by=by)
    stages = _stages(group, cycle)
    await cycles.add(tx, cycle, stages, now)
    await _schedule(tx, group, stages, now)
    return cycle


def _stages(group: Group, cycle: Cycle) -> tuple[Stage, ...]:
    settings = group.settings
    found = times(
        cycle.plan, cycle.starts_on, settings.timezone, lambda day: not rhythm.is_study_day(settings, day)
    )
    return tuple(
        Stage(group.id, cycle.id, place, spec, "planned", one.opens_at, one.closes_at)
        for place, (spec, one) in enumerate(zip(cycle.plan.stages, found, strict=True))
    )


async def _schedule(tx: Tx, group: Group, stages: tuple[Stage, ...], now: int) -> None:
    for stage in stages:
        for what, at in _instants(group, stage):
            if what in (OPEN, CLOSE) or at > now:
                await due.plan(tx, group.id, STAGE, _key(stage, what), at)


async def replan(
    tx: Tx, group: Group, cycle: Cycle, now: int, *, again: tuple[str, ...] = (OWNER, LAST)
) -> None:
    """Plan what the cycle has still to do, in place of what was planned for it, after times changed.

    A reminder that was given already is given again only where it is one of ``again``.
    """
    before = await due.keys_of(tx, group.id, STAGE, f"{brief(cycle.id)}_")
    await cancel(tx, cycle)
    for stage in await cycles.stages(tx, cycle):
        for what, at in _instants(group, stage):
            given = what in (OWNER, HALF, LAST) and what not in again and _key(stage, what) not in before
            if what in (OPEN, CLOSE) or (at > now and not given):
                await due.plan(tx, group.id, STAGE, _key(stage, what), at)


async def cancel(tx: Tx, cycle: Cycle) -> None:
    await due.cancel_of(tx, cycle.group_id, STAGE, f"{brief(cycle.id)}_")


async def call_off(tx: Tx, cycle: Cycle, place: int) -> None:
    """What was to be said of that stage in the morning is not said: the secretary wants it no more."""
    for slot in ("stage", "wait"):
        await outbox.call_off(tx, cycle.group_id, f"{slot}:{brief(cycle.id)}_{place}:")


async def keep_wall_clock(tx: Tx, was: Settings, group: Group, now: int) -> int:
    """The group lives by another time zone: what was planned for seven in the evening is for seven there. How many stages moved.

    A stage that is open is not closed by this at once: where the evening is over there, it closes when it was to close.
    """
    count = 0
    for cycle in await cycles.running(tx, group.id):
        stages = await cycles.stages(tx, cycle)
        moved = tuple(_as_before(stage, was.timezone, group.settings.timezone, now) for stage in stages)
        changed = [one for one, before in zip(moved, stages, strict=True) if one != before]
        await cycles.change(tx, changed)
        count += len(changed)
        await due.hasten(tx, group.id, (teams.TEAMS, exhibition.VOTE), f"{brief(cycle.id)}_", now)
    await replan_all(tx, group, now)
    return count


def _as_before(stage: Stage, old: str, new: str, now: int) -> Stage:
    if stage.state in ("closed", "skipped"):
        return stage

    def there(at: int) -> int:
        wall = local(at, old)
        return instant(wall.date(), wall.hour * 60 + wall.minute, new)

    closes_at = there(stage.closes_at)
    if stage.state == "open":
        return replace(stage, closes_at=closes_at if closes_at > now else stage.closes_at)
    return replace(stage, opens_at=there(stage.opens_at), closes_at=closes_at)


async def plan_anew(tx: Tx, group: Group, now: int) -> None:
    """After rows were lost: everything that is still to come, reminders too."""
    for cycle in await cycles.running(tx, group.id):
        await replan(tx, group, cycle, now, again=(OWNER, HALF, LAST))
        for stage in await cycles.stages(tx, cycle):
            if stage.state == "open" and teams.when(stage) > now:
                await teams.plan(tx, stage)
            if stage.state == "open" and is_for_works(stage.spec) and voting_from(stage) > now:
                await exhibition.plan(tx, stage)


async def replan_all(tx: Tx, group: Group, now: int) -> None:
    """After the group's settings changed: reminders come at its hour, and none twice."""
    for cycle in await cycles.running(tx, group.id):
        await replan(tx, group, cycle, now, again=())


def _instants(group: Group, stage: Stage) -> list[tuple[str, int]]:
    """What is still to be done for a stage, and when. Reminders come at the hour of the group's own."""
    if stage.state in ("closed", "skipped"):
        return []
    found = [(CLOSE, stage.closes_at)]
    if stage.state == "planned":
        found += [(OWNER, stage.opens_at - DAY), (OPEN, stage.opens_at)]
    lasts = stage.closes_at - stage.opens_at
    if stage.spec.remind and lasts >= 2 * DAY:
        found.append((HALF, _at_reminding(group, stage.opens_at + lasts // 2)))
    if stage.spec.remind and lasts >= DAY:
        found.append((LAST, min(_at_reminding(group, stage.closes_at), stage.closes_at - LAST_CALL)))
    return found


def _at_reminding(group: Group, now: int) -> int:
    settings = group.settings
    return instant(local(now, settings.timezone).date(), settings.remind_at, settings.timezone)


def _key(stage: Stage, what: str) -> str:
    return f"{stage.arg}_{what}"


async def fire(tx: Tx, ids: Ids, group: Group, row: Due, now: int, *, rules: Rules | None = None) -> None:
    """Do what a due row stands for, after everything of its cycle that was due before it."""
    name, place, what = row.key.split("_")
    cycle = await cycles.find(tx, group.id, from_brief(name))
    if cycle is None or cycle.state != "running":
        return
    if group.paused:
        await due.plan(tx, group.id, STAGE, row.key, _tomorrow(group, now))
        return
    await advance(tx, ids, group, cycle, now, shipped_rules() if rules is None else rules)
    stage = (await cycles.stages(tx, cycle))[int(place)]
    if what == OWNER and stage.state == "planned" and now < stage.opens_at:
        await _tell_owner(Firing(tx, ids, group, cycle, stage, now))
    elif what in (HALF, LAST) and stage.state == "open" and _is_fresh(group, row, now):
        await _remind(Firing(tx, ids, group, cycle, stage, now), last=what == LAST)


def _tomorrow(group: Group, now: int) -> int:
    return rhythm.when(group.settings, rhythm.PUSH, group.settings.day(now) + timedelta(days=1))


def _is_fresh(group: Group, row: Due, now: int) -> bool:
    """A reminder whose day has passed, or whose evening has, is dropped."""
    settings = group.settings
    same_day = settings.day(row.at) == settings.day(now)
    return settings.remind and same_day and settings.after_quiet(now) == now


async def advance(tx: Tx, ids: Ids, group: Group, cycle: Cycle, now: int, rules: Rules) -> None:
    """Open and close what is due, in the order of time; when nothing is left, the cycle is over."""
    while step := _next_step(await cycles.stages(tx, cycle), now):
        stage, opens = step
        late = opens and stage.closes_at <= now
        at = Firing(tx, ids, group, cycle, stage, now, late, rules)
        await (open_stage if opens else close_stage)(at)
    if all(stage.state in ("closed", "skipped") for stage in await cycles.stages(tx, cycle)):
        await _finish(tx, ids, group, cycle, now)


def _next_step(stages: tuple[Stage, ...], now: int) -> tuple[Stage, bool] | None:
    """The earliest stage to turn by now, and whether it opens; of one instant, what closes goes first."""
    steps = [(s.opens_at, True, s.place, s) for s in stages if s.state == "planned" and s.opens_at <= now]
    steps += [(s.closes_at, False, s.place, s) for s in stages if s.state == "open" and s.closes_at <= now]
    found = min(steps, key=lambda step: step[:3], default=None)
    return None if found is None else (found[3], found[1])


async def open_stage(at: Firing) -> None:
    """Open it now, if it is not open yet, and say so."""
    stage = await cycles.turn(at.tx, at.stage, "planned", "open", at.now)
    if stage is None:
        return
    at = replace(at, stage=stage)
    opening = await KINDS[stage.spec.kind].open(at)
    await at.tell(_opened(at, opening), slot=f"stage:{at.arg}")
    if opening.live:
        await at.tell(Message(live=opening.live), slot=f"board:{at.arg}")


async def close_stage(at: Firing) -> None:
    """Close it now, if it is open, and sum it up."""
    stage = await cycles.turn(at.tx, at.stage, "open", "closed", at.now)
    if stage is None:
        return
    at = replace(at, stage=stage)
    lines = await KINDS[stage.spec.kind].close(at)
    if lines:
        await at.tell(
            Message(lines, title=line("stage.closed", cycle=at.cycle.title, stage=stage.spec.title))
        )


def _opened(at: Firing, opening: Opening) -> Message:
    spec = at.stage.spec
    lines: list[Line] = [line("stage.text", text=spec.text)] if spec.text else []
    lines += [line("stage.material", text=one) for one in spec.materials]
    lines += [line("stage.link", link=at.stage.link)] if at.stage.link else []
    lines += opening.lines
    lines.append(line("stage.until", until=moment(at.group, at.stage.closes_at)))
    return Message(
        tuple(lines),
        title=line("stage.opened", cycle=at.cycle.title, stage=spec.title),
        buttons=opening.buttons,
        pin=bool(spec.materials),
    )


async def _tell_owner(at: Firing) -> None:
    owner = await members.find(at.tx, at.group.id, at.stage.owner) if at.stage.owner else None
    people = [owner] if owner else await members.secretaries(at.tx, at.group.id)
    said = Message(
        (line("stage.yours", stage=at.stage.spec.title, when=moment(at.group, at.stage.opens_at)),)
    )
    for person in people:
        await at.tell_person(person, said)


async def _remind(at: Firing, *, last: bool) -> None:
    """Whoever owes something hears it in private; the group hears only that there is still time, and names nobody."""
    people = await owing(at)
    if not people:
        return
    until = moment(at.group, at.stage.closes_at)
    key = "stage.last_day" if last else "stage.half_time"
    doing = KINDS[at.stage.spec.kind].doing(at)
    said = Message((line(key, stage=at.stage.spec.title, until=until),), buttons=(doing,) if doing else ())
    reached = [await at.tell_person(one, said) for one in people]
    if not all(reached):
        await at.tell(Message((line("stage.remind", stage=at.stage.spec.title, until=until),)))


async def owing(at: Firing) -> list[Member]:
    """Who has something to hand in yet; those on leave owe nothing."""
    away = await leaves.away(at.tx, at.group.id, at.group.settings.day(at.now))
    return [one for one in await KINDS[at.stage.spec.kind].owing(at) if one.id not in away]


async def _finish(tx: Tx, ids: Ids, group: Group, cycle: Cycle, now: int) -> None:
    if not await cycles.end(tx, cycle, "over", now):
        return
    await cancel(tx, cycle)
    if cycle.repeats == "monthly":
        starts_on = _again(cycle.starts_on, group.settings.day(now))
        again = await begin(tx, ids, group, cycle.plan, starts_on, by=cycle.by, now=now, title=cycle.title)
        await cycles.set_repeats(tx, again, "monthly")


def _again(day: date, today: date) -> date:
    """The same weekday of a later month's same week, so that an activity of the first Saturday stays one; never in the past."""
    while True:
        later = day + timedelta(weeks=4)
        day = later if later.month != day.month else day + timedelta(weeks=5)
        if day >= today:
            return day
