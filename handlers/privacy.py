"""我的数据: everything kept of a member, shown to them; 注销: all of it erased."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import TypeAlias

from domain.day import local
from domain.errors import UserError
from domain.group import Group, Role
from domain.message import Button, File, Line, Message, line
from domain.outgoing import Made, Make, Order, Say
from handlers.board import show_board
from handlers.call import Call, Command, Reply, Where
from handlers.own_photos import fetched, wanted
from storage import archive, checkins, groups, members, overview, people
from storage.archive import Kept
from storage.media import MediaStore
from storage.tx import Tx

Maker: TypeAlias = Callable[[Tx, Order, int], Awaitable[Make | None]]
KIND = "mydata"


async def mydata(call: Call) -> Reply:
    kept = await people.kept_of(call.tx, call.me.id)
    when = local(kept.known_since, call.group.settings.timezone).date().isoformat()
    lines = [
        line("mydata.person", name=kept.name, since=when, accounts=kept.accounts),
        *(_membership(*m) for m in kept.memberships),
        line(
            "mydata.counts", checkins=kept.checkins, studied=kept.studies, leaves=kept.leaves, said=kept.said
        ),
        line("mydata.quiz", answers=kept.answers, points=kept.points),
        *(line("mydata.note", day=day, note=note) for day, note in kept.notes),
        line("mydata.erase", word=call.house.vocabulary.word("zh", "forget")),
    ]
    return Message(tuple(lines), title=line("mydata.title"), file=File(KIND))


def makers(photos: MediaStore | None) -> Mapping[str, Maker]:
    """``photos``: where people's pictures are kept."""
    return {KIND: partial(_make_mydata, photos)}


async def _make_mydata(photos: MediaStore | None, tx: Tx, order: Order, now: int) -> Make | None:
    """Everything, for whoever's private chat it is; None where that is nobody's any more."""
    group = await groups.find(tx, order.group_id)
    person = await overview.person(tx, order.person_id)
    if group is None or person is None:
        return None
    kept = await archive.of_person(tx, person.id)
    return partial(_make, photos, person.name, group.settings.timezone, now, kept)


def _make(photos: MediaStore | None, name: str, timezone: str, now: int, kept: list[Kept], say: Say) -> Made:
    from content.reports.mydata import Mine, Section, write_mydata

    sections = [Section(part.name, part.columns, part.rows) for part in kept]
    files, left_out = fetched(photos, wanted(kept))
    mine = Mine(name, timezone, now, sections, files, left_out)
    return Made(f"{say(line('archive.file'))}.zip", write_mydata(mine, say))


def _membership(group: str, role: int, streak: int, total: int) -> Line:
    said = line("mydata.secretary") if role >= Role.SECRETARY else line("mydata.member")
    return line("mydata.group", group=group, role=said, streak=streak, total=total)


async def forget(call: Call) -> Reply:
    """Asked twice, since it cannot be undone."""
    await _check_may_leave(call)
    if not (call.press and call.args == "yes"):
        return Message(
            (line("forget.sure"),), buttons=((Button(line("forget.yes"), "forget", "yes", call.me.id),),)
        )
    boards = await _boards_of(call)
    await people.erase(call.tx, call.me.id)
    for group in boards:
        await show_board(call.tx, call.house.ids, call.now, group, group.settings.day(call.now).isoformat())
    # A passing note leaves no trace, and reaches even somebody whose private chat has just gone with the rest.
    return line("forget.done")


async def _boards_of(call: Call) -> list[Group]:
    """The groups on whose board of today the person stands."""
    mine = [
        await groups.find(call.tx, group_id) for group_id, _ in await members.groups_of(call.tx, call.me.id)
    ]
    return [group for group in mine if group is not None and await _stands_there(call, group)]


async def _stands_there(call: Call, group: Group) -> bool:
    done = await checkins.of_day(call.tx, group.id, group.settings.day(call.now).isoformat())
    return any(person == call.me.id for person, *_ in done)


async def _check_may_leave(call: Call) -> None:
    for group_id, name in await members.groups_of(call.tx, call.me.id):
        secretaries = await members.secretaries(call.tx, group_id)
        if [s.id for s in secretaries] == [call.me.id] and await members.count(call.tx, group_id) > 1:
            raise UserError("forget.only_secretary", group=name)


COMMANDS = (
    Command("mydata", mydata, where=Where.PRIVATE, topic="data"),
    Command("forget", forget, where=Where.PRIVATE, topic="data"),
)
