"""What a month's end brings to groups with points: 学习之星, a quarter's first three, and a quiet word to the secretary.

The group hears of it only where everybody sees the ranking; who has the fewest points is never named to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from domain.day import instant
from domain.group import Group
from domain.ids import Ids
from domain.message import Line, Message, Priority, line
from domain.points import STARS, WINNERS, month_of, quarter_ended
from storage import due, honours, ledger, members
from storage.due import Due
from storage.honours import STAR, WINNER
from storage.ledger import Placed
from storage.telling import tell_group, tell_person
from storage.tx import Tx

KIND = "honours"
TOLD_AT = 9 * 60
"""On the first morning of the next month, in minutes: every day of the month has ended by 06:00."""
FEWEST = 3
"""With fewer members who have points there is nobody to be first among."""
LONG_LEAVE = 15
"""Days away in the month: whoever was away so long is not asked after."""
NAMES_SHOWN = 30


def when(group: Group, month: str) -> int:
    """The instant at which the month's honours are due."""
    _, last = month_of(month)
    return instant(last + timedelta(days=1), TOLD_AT, group.settings.timezone)


async def plan(tx: Tx, group: Group, now: int) -> None:
    """Plan the end of this month, or of the one before where that is still to come; nothing where there are no points."""
    if not group.settings.points:
        await due.cancel(tx, group.id, [KIND])
        return
    this = group.settings.day(now).replace(day=1)
    for first in (this - timedelta(days=1), this):
        month = f"{first:%Y-%m}"
        if when(group, month) > now:
            await due.plan(tx, group.id, KIND, month, when(group, month))


async def award(tx: Tx, ids: Ids, group: Group, row: Due, now: int) -> None:
    """The honours of one month. After a long stop every month is made up for, but only the latest is spoken of."""
    first, last = month_of(row.key)
    if not group.settings.points:
        return
    following = f"{last + timedelta(days=1):%Y-%m}"
    await due.plan(tx, group.id, KIND, following, when(group, following))
    spoken = not group.paused and when(group, following) > now
    best = await _first(tx, group, row.key, STARS)
    stars = [one for one in best if one.points >= group.settings.low_points]
    if stars and await honours.crown(tx, group.id, row.key, STAR, stars, now) and spoken:
        await _tell(
            tx, ids, group, line("honours.stars", month=line(f"month.m{first.month}")), "star", stars, now
        )
    if quarter := quarter_ended(row.key):
        winners = await _first(tx, group, quarter, WINNERS)
        if winners and await honours.crown(tx, group.id, quarter, WINNER, winners, now) and spoken:
            title = line("honours.winners", quarter=int(quarter[-1]))
            await _tell(tx, ids, group, title, "winner", winners, now)
    if best and spoken:
        await _quiet_word(tx, ids, group, first, last, now)


async def _first(tx: Tx, group: Group, period: str, places: int) -> list[Placed]:
    """Nobody where too few have points. Where all in the group would be named, those with the fewest are left out."""
    best = await ledger.leading(tx, group.id, period, places)
    if len(best) < FEWEST:
        return []
    if len(best) < await members.count(tx, group.id) or best[0].points == best[-1].points:
        return best
    return [one for one in best if one.points > best[-1].points]


async def _tell(
    tx: Tx, ids: Ids, group: Group, title: Line, honour: str, best: Sequence[Placed], now: int
) -> None:
    later = group.settings.after_quiet(now)
    if group.settings.ranking == "all":
        lines = [line("rank.place", rank=one.rank, name=one.name, points=one.points) for one in best]
        said = Message((*lines, line("honours.congratulations")), title=title)
        await tell_group(tx, ids, now, group, said, not_before=later)
    for one in best:
        person = await members.find(tx, group.id, one.person_id)
        if person:
            yours = Message(
                (line(f"honours.yours_{honour}", group=group.name, points=one.points),), title=title
            )
            await tell_person(
                tx, ids, now, group, person, yours, priority=Priority.BROADCAST, not_before=later
            )


async def _quiet_word(tx: Tx, ids: Ids, group: Group, first: date, last: date, now: int) -> None:
    """To the secretaries alone. Whoever came in the course of the month, or was long away, is not asked after."""
    least = group.settings.low_points
    if not least:
        return
    since = instant(first + timedelta(days=1), 0, group.settings.timezone)
    fewer = await honours.below(tx, group.id, f"{first:%Y-%m}", least, since)
    away = await honours.days_away(tx, group.id, first, last)
    names = [line("person.name", name=name) for person, name in fewer if away.get(person, 0) < LONG_LEAVE]
    if not names:
        return
    more = len(names) - NAMES_SHOWN
    shown = (*names[:NAMES_SHOWN], *([line("honours.more", count=more)] if more > 0 else []))
    said = Message(
        (
            line("honours.below", month=line(f"month.m{first.month}"), least=least, names=shown),
            line("honours.kind_word"),
        ),
        title=line("honours.quiet_title", group=group.name),
    )
    for secretary in await members.secretaries(tx, group.id):
        await tell_person(
            tx,
            ids,
            now,
            group,
            secretary,
            said,
            priority=Priority.BROADCAST,
            not_before=group.settings.after_quiet(now),
        )
