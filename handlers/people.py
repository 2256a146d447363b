"""Who is meant by an @: the author replied to, the account mentioned, a name this group has shown, else the secretary picks."""

from __future__ import annotations

from domain.errors import UserError
from domain.group import Member
from domain.ids import brief, from_brief
from domain.incoming import Mention
from domain.message import Button, Message, line
from domain.peer import named_in
from handlers.call import Call
from storage import members

PICKED_FROM = 30
"""Buttons a picker shows at the most; with more members, the name has to be written."""


async def person_meant(call: Call, action: str) -> Member | Message:
    """The member, or a message with buttons that ask for one; each button presses ``action`` with the member's id.

    Raises UserError where a name is of nobody in this group.
    """
    if call.press:
        return await _pressed(call)
    mentioned = _mentioned(call)
    if not mentioned:
        return _picker(action, await members.in_group(call.tx, call.group.id))
    candidates = await _candidates(call, mentioned)
    if not candidates:
        raise UserError("person.unknown", name=mentioned.name)
    return candidates[0] if len(candidates) == 1 else _picker(action, candidates)


async def everybody_named(call: Call) -> list[Member]:
    """The members whom the message calls by @, each once; a name that is nobody's, or that several share, calls nobody."""
    found: dict[int, Member] = {}
    for mention in call.incoming.mentions:
        candidates = await _candidates(call, mention)
        found |= {one.id: one for one in candidates if len(candidates) == 1}
    if not call.incoming.mentions:
        everybody = await members.in_group(call.tx, call.group.id)
        names = {one.name.casefold(): one.id for one in everybody}
        called = named_in(call.incoming.text, names)
        found = {one.id: one for one in everybody if one.id in called}
    return list(found.values())


def without_name(call: Call) -> str:
    """What follows the command when the @name is taken out of it."""
    rest = call.args
    for mention in call.incoming.mentions:
        rest = rest.replace(f"@{mention.name}", "")
    first, _, after = rest.strip().partition(" ")
    return after.strip() if first.startswith("@") or _typed_name(call) == first else rest.strip()


async def _pressed(call: Call) -> Member:
    known = await members.find(call.tx, call.group.id, from_brief(call.args))
    if known is None:
        raise UserError("person.gone")
    return known


def _mentioned(call: Call) -> Mention | None:
    if call.incoming.mentions:
        return call.incoming.mentions[0]
    if call.incoming.reply_to_sender:
        return call.incoming.reply_to_sender
    name = _typed_name(call)
    return Mention(name=name) if name else None


def _typed_name(call: Call) -> str:
    """A name written out after the command, with or without @, where the platform marks no mention."""
    first = call.args.split(maxsplit=1)
    return first[0].lstrip("@＠") if first else ""


async def _candidates(call: Call, mention: Mention) -> list[Member]:
    where = call.incoming
    if mention.user_id:
        known = await members.by_account(
            call.tx, call.group.id, where.platform, where.account, mention.user_id
        )
        if known:
            return [known]
    return await members.named(call.tx, call.group.id, [mention.name])


def _picker(action: str, candidates: list[Member]) -> Message:
    if len(candidates) > PICKED_FROM:
        raise UserError("person.name_needed")
    buttons = [
        Button(line("person.choice", name=m.name, days=m.total), action, brief(m.id)) for m in candidates
    ]
    rows = tuple(tuple(buttons[n : n + 2]) for n in range(0, len(buttons), 2))
    return Message((line("person.which"),), buttons=rows)
