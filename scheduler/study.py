"""The day's item: which one it is, and pushing it to the group."""

from __future__ import annotations

from datetime import date, timedelta

from domain.group import Group
from domain.ids import Ids
from domain.message import Live, Message, Priority
from storage import days, groups, packs
from storage.days import Day
from storage.telling import tell_group
from storage.tx import Tx


async def item_of_day(tx: Tx, group: Group, day: date) -> Day | None:
    """The day with its item; a day that has none yet gets the next of the pack. None where the group has no pack."""
    key = day.isoformat()
    found = await days.find(tx, group.id, key)
    if found and found.item:
        return found
    chosen = await packs.next_item(tx, group.settings.pack, group.next_item)
    if chosen is None:
        return None
    position, item = chosen
    await groups.set_next_item(tx, group.id, position + 1)
    return await days.set_item(
        tx, group.id, key, pack=group.settings.pack, item=item.key, minutes=item.minutes
    )


async def push_item(tx: Tx, ids: Ids, group: Group, day: date, now: int, *, asked: bool) -> bool:
    """Show the day's item in the group, once a day. Unasked it keeps to the week's minutes and waits out the quiet hours.

    False where there is nothing to push: no pack, pushed already, or the week's minutes used up.
    """
    if not asked and await _over_budget(tx, group, day):
        return False
    today = await item_of_day(tx, group, day)
    if today is None or today.pushed_at is not None:
        return False
    await tell_group(
        tx,
        ids,
        now,
        group,
        Message(live=Live("item", day.isoformat())),
        priority=Priority.REPLY if asked else Priority.BROADCAST,
        slot=f"item:{day}",
        not_before=0 if asked else group.settings.after_quiet(now),
    )
    await days.note_pushed(tx, group.id, day.isoformat(), now)
    return True


async def _over_budget(tx: Tx, group: Group, day: date) -> bool:
    """Whether the item that would come next is more than is left of the week's minutes."""
    most = group.settings.weekly_minutes
    if most == 0:
        return False
    monday = day - timedelta(days=day.weekday())
    pushed = await days.minutes_pushed(tx, group.id, monday, day)
    if pushed == 0:
        return False
    chosen = await packs.next_item(tx, group.settings.pack, group.next_item)
    return chosen is not None and pushed + chosen[1].minutes > most
