"""我的数据: everything kept of a member, shown to them; 注销: all of it erased."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import TypeAlias

from domain.day import local
from domain.errors import UserError
from domain.group import Chat, Group, Role, Settings
from domain.message import Button, File, Line, Message, line
from domain.outgoing import Made, Make, Order, Say
from handlers.board import show_board
from handlers.call import Call, Command, Reply, Where
from handlers.own_photos import fetched, wanted
from storage import archive, checkins, groups, members, overview, people
from storage.archive import Kept
from storage.media import MediaStore
from storage.telling import tell_chat
from storage.tx import Tx

Maker: TypeAlias = Callable[[Tx, Order, int], Awaitable[Make | None]]
KIND = "mydata"


async def mydata(call: Call) -> Reply:
    person = await _known_person(call)
    kept = await people.kept_of(call.tx, person)
    settings = call.known_group.settings if call.known_group else Settings()
    when = local(kept.known_since, settings.timezone).date().isoformat()
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
    answer = Message(tuple(lines), title=line("mydata.title"), file=File(KIND))
    if call.known_me:
        return answer
    await _tell_outside(call, person, answer)
    return None


async def _known_person(call: Call) -> int:
    """Whoever has left every group still has a say in what is kept of them. Raises UserError for somebody of whom nothing is."""
    where = call.incoming
    known = call.known_me.id if call.known_me else None
    known = known or await members.person_of(call.tx, where.platform, where.account, where.sender_id)
    if known is None:
        raise UserError("group.none")
    return known


async def _tell_outside(call: Call, person: int, answer: Message) -> None:
    """To somebody who is in no group: the file is theirs by their id alone."""
    where, known = call.incoming, await overview.person(call.tx, person)
    chat = Chat(where.platform, where.account, where.chat_id, where.thread_id or "", False)
    language = (known and known.language) or "zh"
    await tell_chat(call.tx, call.house.ids, call.now, chat, answer, person_id=person, language=language)


def makers(photos: MediaStore | None) -> Mapping[str, Maker]:
    """``photos``: where people's pictures are kept."""
    return {KIND: partial(_make_mydata, photos)}


async def _make_mydata(photos: MediaStore | None, tx: Tx, order: Order, now: int) -> Make | None:
    """Everything, for whoever's private chat it is; None where that is nobody's any more."""
    group = await groups.find(tx, order.group_id)
    person = await overview.person(tx, order.person_id)
    if person is None or (group is None and order.group_id):
        return None
    kept = await archive.of_person(tx, person.id)
    settings = group.settings if group else Settings()
    return partial(_make, photos, person.name, settings.timezone, now, kept)


def _make(photos: MediaStore | None, name: str, timezone: str, now: int, kept: list[Kept], say: Say) -> Made:
    from content.reports.mydata import Mine, Section, write_mydata

    sections = [Section(part.name, part.columns, part.rows) for part in kept]
    files, left_out = fetched(photos, wanted(kept))
    mine = Mine(name, timezone, now, sections, files, left_out)
    return Made(f"{say(line('archive.file'))}.zip", write_mydata(mine, say))


def _membership(group: str, role: int | None, streak: int, total: int) -> Line:
    standing = "left" if role is None else "secretary" if role >= Role.SECRETARY else "member"
    return line("mydata.group", group=group, role=line(f"mydata.{standing}"), streak=streak, total=total)


async def forget(call: Call) -> Reply:
    """Asked twice, since it cannot be undone."""
    person = await _known_person(call)
    await _check_may_leave(call, person)
    if not (call.press and call.args == "yes"):
        return Message(
            (line("forget.sure"),), buttons=((Button(line("forget.yes"), "forget", "yes", person),),)
        )
    boards = await _boards_of(call, person)
    await people.erase(call.tx, person)
    for group in boards:
        await show_board(call.tx, call.house.ids, call.now, group, group.settings.day(call.now).isoformat())
    # A passing note leaves no trace, and reaches even somebody whose private chat has just gone with the rest.
    return line("forget.done")


async def _boards_of(call: Call, person: int) -> list[Group]:
    """The groups on whose board of today the person stands."""
    mine = [await groups.find(call.tx, group_id) for group_id, _ in await members.groups_of(call.tx, person)]
    return [group for group in mine if group is not None and await _stands_there(call, group, person)]


async def _stands_there(call: Call, group: Group, person: int) -> bool:
    done = await checkins.of_day(call.tx, group.id, group.settings.day(call.now).isoformat())
    return any(one == person for one, *_ in done)


async def _check_may_leave(call: Call, person: int) -> None:
    for group_id, name in await members.groups_of(call.tx, person):
        secretaries = await members.secretaries(call.tx, group_id)
        if [s.id for s in secretaries] == [person] and await members.count(call.tx, group_id) > 1:
            raise UserError("forget.only_secretary", group=name)


COMMANDS = (
    Command("mydata", mydata, where=Where.PRIVATE, unbound=True, topic="data"),
    Command("forget", forget, where=Where.PRIVATE, unbound=True, topic="data"),
)
