"""代交: the secretary enters a reflection for a member who cannot, marked as such; the member is told, and may change it."""

from __future__ import annotations

from dataclasses import replace

from domain.errors import UserError
from domain.group import Member, Role
from domain.message import Message
from handlers.call import Call, Command, Reply
from handlers.people import person_meant
from handlers.reflection_sent import sent_with
from handlers.reflection_stage import handed_in_stage, stage_meant
from handlers.reflection_writing import submit
from storage import reflections

_AT = ("@", "＠")


async def hand_in_for(call: Call) -> Reply:
    """``代交 @张三 正文``, with the photos or as an answer to them; without a name, for whoever showed the photo answered."""
    author = await _author(call)
    at = await stage_meant(call, author.id, call.me.id)
    if at is None:
        raise UserError("reflection.none")
    if handed := await handed_in_stage(at, author.id):
        code = await reflections.code_of(call.tx, handed)
        raise UserError("reflection.theirs_already", name=author.name, code=code)
    sent = await sent_with(call, _words(call))
    if not (sent.text or sent.shots):
        raise UserError("reflection.how_for")
    return await submit(call, at, author, sent)


async def _author(call: Call) -> Member:
    """Whom an @ names, before whose message it answers."""
    if call.args.startswith(_AT) or call.incoming.mentions:
        event = call.incoming.model_copy(update={"reply_to_sender": None})
        call = replace(call, incoming=event)
    elif call.incoming.reply_to_sender is None:
        raise UserError("reflection.how_for")
    person = await person_meant(call, "handin_for")
    if isinstance(person, Message):
        raise UserError("reflection.how_for")
    return person


def _words(call: Call) -> str:
    """What follows the name."""
    for mention in call.incoming.mentions:
        for at in _AT:
            if call.args.startswith(f"{at}{mention.name}"):
                return call.args[len(mention.name) + 1 :].strip()
    if call.args.startswith(_AT):
        return "".join(call.args.split(maxsplit=1)[1:]).strip()
    return call.args.strip()


COMMAND = Command("handin_for", hand_in_for, Role.SECRETARY, takes_text=True, topic="activity")
