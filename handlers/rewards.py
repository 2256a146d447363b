"""奖品: what points can be redeemed for; the secretary adds to the catalogue, changes it and takes off."""

from __future__ import annotations

import re
from dataclasses import replace

from content.words import fold
from domain.errors import UserError
from domain.group import Role
from domain.ids import brief
from domain.message import Button, Line, Message, line
from domain.wording import clean
from handlers.call import Call, Command, Reply
from handlers.private import is_talk
from storage import ledger
from storage import rewards as kept
from storage.rewards import Reward

NAME_CHARS = 40
MOST_COST, MOST_STOCK = 100_000, 10_000
MOST_OFFERED = 50
"""A catalogue that one message can show."""
_OWN_SHOWN = 3
_NEW = {"新", "新增", "加", "添加", "new", "add"}
_CHANGE = {"改", "修改", "change", "edit"}
_OFF = {"下架", "撤下", "off", "remove"}
_COST = {"积分", "積分", "分", "points", "cost"}
_AMOUNT = re.compile(
    r"(?P<what>积分|積分|分|points|cost|数量|數量|库存|庫存|stock|count)\s*[:：]?\s*(?P<count>\d{1,9})\s*[分件份本个個]?$",
    re.IGNORECASE,
)
_QUOTES = str.maketrans("", "", "《》〈〉「」“”\"'")


async def rewards(call: Call) -> Reply:
    """No words: the catalogue. ``奖品 新 《党章》 积分 100 数量 5``, ``奖品 改 1 数量 3``, ``奖品 下架 1``."""
    if not call.group.settings.points:
        raise UserError("points.off")
    verb, _, rest = call.args.strip().partition(" ")
    change = _verb(verb)
    if not verb:
        return await show_catalogue(call)
    if change is None and is_talk(call):
        return None
    if change is None:
        raise UserError("rewards.how_to" if call.role >= Role.SECRETARY else "role.secretary_only")
    return await _change(call, change, rest)


def _verb(written: str) -> str | None:
    word = fold(written)
    return next(
        (name for name, words in (("new", _NEW), ("change", _CHANGE), ("off", _OFF)) if word in words), None
    )


async def show_catalogue(call: Call) -> Message:
    offered = await kept.catalogue(call.tx, call.group.id)
    lines = [_line(one) for one in offered] or [line("rewards.empty")]
    if not call.incoming.is_group:
        lines.append(line("rewards.balance", points=await ledger.balance(call.tx, call.group.id, call.me.id)))
        mine = await kept.of_person(call.tx, call.group.id, call.me.id, _OWN_SHOWN)
        lines += [
            line("rewards.yours", reward=named(one.name), state=line(f"redeem.state_{one.state}"))
            for one in mine
        ]
    if call.role >= Role.SECRETARY and not call.incoming.is_group:
        lines.append(line("rewards.how_to"))
    buttons = [
        Button(line("rewards.redeem", name=one.name), "redeem", brief(one.id))
        for one in offered
        if one.stock > 0
    ]
    rows = tuple(tuple(buttons[n : n + 2]) for n in range(0, len(buttons), 2))
    return Message(tuple(lines), title=line("rewards.title", group=call.group.name), buttons=rows)


def _line(reward: Reward) -> Line:
    said = "rewards.line" if reward.stock > 0 else "rewards.line_none_left"
    return line(said, number=reward.id, name=reward.name, cost=reward.cost, stock=reward.stock)


async def reward_meant(call: Call, written: str) -> Reward | None:
    """By its number or its name, with or without quotation marks."""
    offered = await kept.catalogue(call.tx, call.group.id)
    word = plain(written)
    by_number = [one for one in offered if word == str(one.id)]
    return next(iter(by_number or [one for one in offered if plain(one.name) == word]), None)


def named(name: str) -> Line:
    """In quotation marks, unless it is a title that brings its own."""
    return line("raw", text=name) if name[0] in "《「“" else line("rewards.quoted", name=name)


def plain(name: str) -> str:
    return fold(name.translate(_QUOTES))


async def _change(call: Call, change: str, rest: str) -> Reply:
    name, amounts = read_amounts(rest)
    if change == "new":
        return await _offer(call, name, amounts)
    reward = await reward_meant(call, name)
    if reward is None:
        raise UserError("rewards.unknown", name=line("rewards.quoted", name=name[:NAME_CHARS]))
    if change == "off":
        await kept.change(call.tx, call.group.id, replace(reward, offered=False))
        return line("rewards.taken_off", name=named(reward.name))
    if not amounts:
        raise UserError("rewards.how_to_change")
    changed = replace(reward, **amounts)  # type: ignore[arg-type]
    await kept.change(call.tx, call.group.id, changed)
    return Message((line("rewards.changed"), _line(changed)))


def read_amounts(text: str) -> tuple[str, dict[str, int]]:
    """``《党章》 积分 100 数量 5`` → the name, and ``cost`` and ``stock`` where they are given.

    Raises UserError for what is out of bounds.
    """
    rest, found = " ".join(clean(text).split()), dict[str, int]()
    while amount := _AMOUNT.search(rest):
        count = int(amount["count"])
        if fold(amount["what"]) in _COST:
            if not 0 < count <= MOST_COST:
                raise UserError("rewards.bad_cost", most=MOST_COST)
            found["cost"] = count
        else:
            if count > MOST_STOCK:
                raise UserError("rewards.bad_stock", most=MOST_STOCK)
            found["stock"] = count
        rest = rest[: amount.start()].rstrip(" ,，、;；")
    return rest, found


async def _offer(call: Call, name: str, amounts: dict[str, int]) -> Reply:
    if not plain(name) or plain(name).isdecimal() or len(amounts) < 2 or not amounts["stock"]:
        raise UserError("rewards.how_to_add")
    if len(name) > NAME_CHARS:
        raise UserError("rewards.long_name", most=NAME_CHARS, length=len(name))
    if known := await reward_meant(call, name):
        raise UserError("rewards.known", name=named(known.name), number=known.id)
    if len(await kept.catalogue(call.tx, call.group.id)) >= MOST_OFFERED:
        raise UserError("rewards.too_many", most=MOST_OFFERED)
    added = await kept.offer(call.tx, call.group.id, name, amounts["cost"], amounts["stock"], call.now)
    return Message((line("rewards.added"), _line(added)))


COMMAND = Command(
    "rewards",
    rewards,
    takes_text=True,
    for_secretary=frozenset(_NEW | _CHANGE | _OFF),
    topic="points",
    needs="points",
)
