"""兑换单: who asked for what, for the secretary: to agree or not, and to tick off what was handed over. 已发 ticks off by name."""

from __future__ import annotations

from dataclasses import replace

from content.words import fold
from domain.errors import UserError
from domain.group import Role
from domain.ids import brief, from_brief
from domain.message import Button, Line, Message, line
from handlers.audit import looked
from handlers.call import Call, Command, Reply
from handlers.people import person_meant
from handlers.private import in_private, is_talk
from handlers.redeem import deciders
from handlers.rewards import named
from handlers.stages import pressed_number
from storage import members, rewards
from storage.rewards import Redemption
from storage.telling import tell_person

PAGE = 8
APPROVE, REFUSE, HAND = "a", "n", "h"
_VERBS = {
    APPROVE: {"同意", "approve"},
    REFUSE: {"不同意", "refuse"},
    HAND: {"已发", "已發", "handed"},
}
_OPEN = {APPROVE: ("asked",), REFUSE: ("asked",), HAND: ("asked", "approved")}


async def redemptions(call: Call) -> Reply:
    """No words: the list. ``兑换单 同意 @李四``, ``兑换单 不同意 @李四``, ``兑换单 已发 @李四``."""
    verb, _, rest = call.args.strip().partition("_" if call.press else " ")
    if call.press:
        return await _pressed(call, verb, rest)
    if not verb:
        return await in_private(call, await _page(call, 0))
    meant = next((one for one, words in _VERBS.items() if fold(verb) in words), None)
    if meant is None:
        raise UserError("redeem.how_to_decide")
    return await _by_name(replace(call, args=rest), meant)


async def handed(call: Call) -> Reply:
    """``已发 @李四``. The word alone is what people say of anything they sent."""
    if is_talk(call) and not call.incoming.mentions:
        return None
    return await _by_name(call, HAND)


async def _pressed(call: Call, verb: str, rest: str) -> Reply:
    if verb == "p":
        return await in_private(call, await _page(call, pressed_number(rest)))
    one = await rewards.redemption(call.tx, call.group.id, from_brief(rest))
    if one is None:
        raise UserError("redeem.nothing_open")
    return await _do(call, verb, one)


async def _by_name(call: Call, verb: str) -> Reply:
    """What that person has open; where it is more than one thing, the buttons of the list decide."""
    if not call.args.strip() and not call.incoming.reply_to_sender:
        return await in_private(call, await _page(call, 0))
    person = await person_meant(call, "redemptions")
    if isinstance(person, Message):
        raise UserError("redeem.use_the_list")
    theirs = await rewards.of_person(call.tx, call.group.id, person.id, PAGE)
    open_ = [one for one in theirs if one.state in _OPEN[verb]]
    if not open_:
        raise UserError("redeem.nothing_open")
    if len(open_) > 1:
        return await in_private(call, _list(call, open_, 0, False))
    return await _do(call, verb, open_[0])


async def _page(call: Call, page: int) -> Message:
    found = await rewards.listed(call.tx, call.group.id, page * PAGE, PAGE + 1)
    if not found:
        return Message((line("redeem.list_empty"),), title=line("redeem.list_title", group=call.group.name))
    if not page:
        await looked(call, "rewards")
    return _list(call, found[:PAGE], page, len(found) > PAGE)


def _list(call: Call, shown: list[Redemption], page: int, more: bool) -> Message:
    lines, rows = [], []
    for number, one in enumerate(shown, page * PAGE + 1):
        lines.append(
            line(
                "redeem.list_line",
                number=number,
                name=_who(one),
                reward=named(one.name),
                cost=one.cost,
                state=_state(one),
            )
        )
        if row := _buttons(one, number):
            rows.append(row)
    turn = [Button(line("redeem.earlier_page"), "redemptions", f"p_{page - 1}")] if page else []
    turn += [Button(line("redeem.next_page"), "redemptions", f"p_{page + 1}")] if more else []
    return Message(
        tuple(lines),
        title=line("redeem.list_title", group=call.group.name),
        buttons=(*rows, *([tuple(turn)] if turn else [])),
    )


def _who(one: Redemption) -> Line:
    return line("person.name", name=one.who) if one.who else line("redeem.somebody")


def _state(one: Redemption) -> Line:
    return line(f"redeem.state_{one.state}")


def _buttons(one: Redemption, number: int) -> tuple[Button, ...]:
    if one.state == "asked":
        return (
            Button(line("redeem.approve_number", number=number), "redemptions", f"{APPROVE}_{brief(one.id)}"),
            Button(line("redeem.refuse_number", number=number), "redemptions", f"{REFUSE}_{brief(one.id)}"),
        )
    if one.state == "approved":
        return (Button(line("redeem.hand_number", number=number), "redemptions", f"{HAND}_{brief(one.id)}"),)
    return ()


async def _do(call: Call, verb: str, one: Redemption) -> Reply:
    if one.state not in _OPEN[verb]:
        raise UserError("redeem.decided_already", name=_who(one), reward=named(one.name), state=_state(one))
    if one.state == "asked" and call.me.id not in {s.id for s in await deciders(call, one.person_id)}:
        raise UserError("redeem.own")
    if verb == APPROVE:
        await rewards.approve(call.tx, call.group.id, one.id, call.me.id, call.now)
    elif verb == HAND:
        await rewards.hand_over(call.tx, call.group.id, one.id, call.me.id, call.now)
    else:
        await rewards.refuse(
            call.tx,
            call.house.ids,
            group_id=call.group.id,
            asked=one,
            by=call.me.id,
            day=call.today,
            now=call.now,
        )
    await _tell(call, one, verb)
    return line(f"redeem.done_{verb}", name=_who(one), reward=named(one.name))


async def _tell(call: Call, one: Redemption, verb: str) -> None:
    person = await members.find(call.tx, call.group.id, one.person_id)
    if person is None or person.id == call.me.id:
        return
    yours = Message((line(f"redeem.yours_{verb}", reward=named(one.name), cost=one.cost),))
    later = call.group.settings.after_quiet(call.now)
    await tell_person(call.tx, call.house.ids, call.now, call.group, person, yours, not_before=later)


COMMANDS = (
    Command("redemptions", redemptions, Role.SECRETARY, takes_text=True, needs="points", topic="points"),
    Command("handed", handed, Role.SECRETARY, takes_text=True, needs="points", topic="points"),
)
