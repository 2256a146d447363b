"""推送: push today's item into the group now, without waiting for its time."""

from __future__ import annotations

from domain.errors import UserError
from domain.group import Role
from domain.message import line
from handlers.call import Call, Command, Reply, done_mark
from scheduler.study import item_of_day, push_item


async def push(call: Call) -> Reply:
    if await item_of_day(call.tx, call.group, call.today) is None:
        raise UserError("today.no_pack")
    if not await push_item(call.tx, call.house.ids, call.group, call.today, call.now, asked=True):
        raise UserError("push.already")
    return done_mark(call, line("push.done"))


COMMAND = Command("push", push, Role.SECRETARY)
