"""今日: show today's item to whoever asks; 已学: say that it was studied."""

from __future__ import annotations

from datetime import date

from domain.errors import UserError
from domain.message import Button, Media, Message, line, on
from handlers.call import Call, Command, Reply
from handlers.points import earn, with_points
from scheduler.study import item_of_day
from storage import checkins, days, packs
from storage.tx import Tx


async def today(call: Call) -> Reply:
    day = await item_of_day(call.tx, call.group, call.today)
    if day is None:
        raise UserError("today.no_pack")
    return await compose_item(call.tx, call.group.id, day.day, call.now)


async def studied(call: Call) -> Reply:
    day = call.args or call.today.isoformat()
    known = await days.find(call.tx, call.group.id, day)
    if known is None or not known.item:
        raise UserError("today.nothing_to_study")
    if not await checkins.study(call.tx, call.group.id, day, call.me.id, call.now):
        return line("today.studied_already")
    await days.count_study(call.tx, call.group.id, day)
    return with_points(line("today.studied"), await earn(call, call.me.id, "study", day))


async def compose_item(tx: Tx, group_id: int, day: str, now: int) -> Message | None:
    """The day's item as it stands in the pack now; None where it has none."""
    known = await days.find(tx, group_id, day)
    item = await packs.item(tx, known.pack, known.item) if known and known.item else None
    if known is None or item is None:
        return None
    lines = [line("item.body", text=item.body), line("item.source", source=item.source)]
    if item.link:
        lines.insert(1, line("item.link", link=item.link))
    asked = date.fromisoformat(day)
    return Message(
        title=line("item.title", title=item.title, number=known.number, day=on(asked)),
        lines=tuple(lines),
        media=Media(item.kind, item.media) if item.media else None,
        buttons=(
            (
                Button(line("button.studied"), "studied", day),
                Button(line("button.checkin"), "checkin", day),
            ),
        ),
    )


COMMANDS = (Command("today", today), Command("studied", studied, topic="study"))
