"""兑换: a member asks for a reward. A piece is set aside and paid for at once; the secretary agrees, or both go back."""

from __future__ import annotations

from domain.errors import UserError
from domain.group import Member
from domain.ids import brief, from_brief
from domain.message import Button, Message, line
from handlers.call import Call, Command, Reply
from handlers.private import in_private, is_talk
from handlers.rewards import NAME_CHARS, named, reward_meant, show_catalogue
from storage import ledger, members
from storage import rewards as kept
from storage.rewards import Reward
from storage.telling import tell_person


async def redeem(call: Call) -> Reply:
    """No words: the catalogue. ``兑换 1``, ``兑换 《党章》``; asked once more before points are spent."""
    if not call.group.settings.points:
        raise UserError("points.off")
    if call.press and "_" in call.args:
        return await _redeem(call)
    if not call.args.strip():
        return await show_catalogue(call)
    reward = await _meant(call)
    if reward is None:
        if is_talk(call):
            return None
        raise UserError("redeem.unknown", name=line("rewards.quoted", name=call.args.strip()[:NAME_CHARS]))
    if reward.stock <= 0:
        raise UserError("redeem.none_left", name=named(reward.name))
    return await in_private(call, await _sure(call, reward))


async def _meant(call: Call) -> Reward | None:
    if not call.press:
        return await reward_meant(call, call.args)
    reward = await kept.find(call.tx, call.group.id, from_brief(call.args))
    if reward is None or not reward.offered:
        raise UserError("redeem.taken_off")
    return reward


async def _sure(call: Call, reward: Reward) -> Message:
    """Each question is for one piece: its button pressed twice asks for no second one."""
    has = await ledger.balance(call.tx, call.group.id, call.me.id)
    if has < reward.cost:
        return Message((line("redeem.short", name=named(reward.name), cost=reward.cost, has=max(has, 0)),))
    once = f"{brief(reward.id)}_{brief(reward.cost)}_{brief(call.house.ids.next(call.now))}"
    return Message(
        (line("redeem.sure", name=named(reward.name), cost=reward.cost, left=has - reward.cost),),
        buttons=((Button(line("redeem.yes"), "redeem", once),),),
    )


async def _redeem(call: Call) -> Reply:
    number, cost, id = (from_brief(part) for part in call.args.split("_"))
    reward = await kept.find(call.tx, call.group.id, number)
    if reward is None or not reward.offered:
        raise UserError("redeem.taken_off")
    if reward.cost != cost:
        raise UserError("redeem.price_changed", name=named(reward.name), cost=reward.cost)
    outcome = await kept.ask(
        call.tx,
        call.house.ids,
        group_id=call.group.id,
        id=id,
        reward=reward,
        person_id=call.me.id,
        day=call.today,
        now=call.now,
    )
    has = await ledger.balance(call.tx, call.group.id, call.me.id)
    if outcome == "again":
        raise UserError("redeem.again")
    if outcome == "gone":
        raise UserError("redeem.none_left", name=named(reward.name))
    if outcome == "short":
        raise UserError("redeem.short", name=named(reward.name), cost=reward.cost, has=max(has, 0))
    await _ask_secretaries(call, reward, id)
    return Message((line("redeem.asked", name=named(reward.name), left=has),))


async def deciders(call: Call, person_id: int) -> list[Member]:
    """Who may decide about somebody's wish: another secretary, where there is one."""
    secretaries = await members.secretaries(call.tx, call.group.id)
    return [one for one in secretaries if one.id != person_id] or secretaries


async def _ask_secretaries(call: Call, reward: Reward, id: int) -> None:
    row = (
        Button(line("redeem.approve"), "redemptions", f"a_{brief(id)}"),
        Button(line("redeem.refuse"), "redemptions", f"n_{brief(id)}"),
    )
    asked = Message(
        (
            line(
                "redeem.decide",
                name=call.me.name,
                reward=named(reward.name),
                cost=reward.cost,
                group=call.group.name,
            ),
        ),
        buttons=(row,),
    )
    later = call.group.settings.after_quiet(call.now)
    for secretary in await deciders(call, call.me.id):
        await tell_person(call.tx, call.house.ids, call.now, call.group, secretary, asked, not_before=later)


COMMAND = Command("redeem", redeem, takes_text=True, needs="points", topic="points")
