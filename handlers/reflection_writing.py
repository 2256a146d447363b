"""What becomes of words and pictures sent for a reflection: handed in when it is all there, else kept as a draft."""

from __future__ import annotations

from dataclasses import replace

from domain.errors import UserError
from domain.group import Member
from domain.ids import brief
from domain.message import Button, Message, line
from handlers.call import Call, Reply
from handlers.reflecting import (
    DRAFT_MARK,
    Grown,
    accepted,
    accepted_message,
    draft_message,
    grow,
    hand_in,
    own_buttons,
    take_pictures,
    tell_author,
    told_in_private,
)
from handlers.reflection_sent import Sent
from handlers.reflection_stage import draft_in_stage, handed_in_stage, is_over
from handlers.remind import private_link
from scheduler.stages.kind import Firing
from scheduler.stages.reflection import asked
from storage import pictures, reflection_windows, reflections
from storage.reflections import Reflection

LINK = "reflection"
"""What the link into the private chat says: 写心得."""


async def begin(call: Call, at: Firing) -> Reply:
    """A draft that waits for pictures and words in private."""
    if handed := await handed_in_stage(at, call.me.id):
        return await told(call, at, await handed_message(call, at, handed))
    if await is_over(at):
        raise UserError("reflection.over", stage=at.stage.spec.title)
    draft = await draft_in_stage(at, call.me.id, call.me.id)
    if draft is None:
        draft = await reflections.begin(call.tx, call.house.ids, at.stage, call.me.id, call.me.id, call.now)
    await reflections.touch(call.tx, draft, call.now)
    return await told(call, at, await _how_to_go_on(call, at, draft))


async def told(call: Call, at: Firing, said: Message) -> Reply:
    """To its author alone; in the group, how to open a private chat where there is none."""
    if not call.incoming.is_group:
        return said
    if await told_in_private(call, at, said):
        return line("private.sent")
    return private_first(call)


def private_first(call: Call) -> Message:
    """How to open a private chat, for somebody who has none."""
    where = call.incoming
    link = call.house.invitation(where.platform, where.account, LINK) or private_link(call)
    return Message(
        (line("reflection.private_first", name=call.me.name, link=link),), reply_to=where.message_id
    )


async def _how_to_go_on(call: Call, at: Firing, draft: Reflection) -> Message:
    title = line("reflection.title", cycle=at.cycle.title)
    grown = await grow(call, at, draft, Sent(""))
    if not (draft.body or grown.photos):
        return Message((asked(at.stage.spec), line("reflection.send_here")), title=title)
    said = draft_message(at, grown)
    kept = (line("reflection.written", text=draft.body),) if draft.body else ()
    return replace(said, lines=(*kept, *said.lines), title=title)


async def handed_message(call: Call, at: Firing, one: Reflection) -> Message:
    """What one has handed in, and what can be done with it."""
    code = await reflections.code_of(call.tx, one)
    photos = await pictures.count(call.tx, one.group_id, one.id)
    lines = [line("reflection.yours", code=code, photos=photos), line("reflection.written", text=one.body)]
    if not await reflection_windows.may_change(call.tx, one):
        return Message((*lines, line("reflection.is_read")))
    buttons = own_buttons(one, spare_photos=photos > at.stage.spec.photos)
    return Message((*lines, line("reflection.editable")), buttons=buttons)


async def submit(call: Call, at: Firing, author: Member, sent: Sent) -> Reply:
    """All that came with one message, said to be a reflection: accepted at once where nothing is missing."""
    handed = await handed_in_stage(at, author.id)
    if handed and not sent.text:
        return await add_pictures(call, at, handed, sent)
    if handed and not await reflection_windows.may_change(call.tx, handed):
        raise UserError("reflection.locked", code=await reflections.code_of(call.tx, handed))
    draft = await draft_in_stage(at, author.id, call.me.id)
    if draft is None:
        draft = await reflections.begin(call.tx, call.house.ids, at.stage, author.id, call.me.id, call.now)
    alone = not draft.body
    grown = await grow(call, at, draft, sent)
    # Whoever was held up has the secretary hand it in; reviewers are found for it then.
    if await is_over(at) and author.id == call.me.id:
        return await tell_author(
            call, at, Message((line("reflection.over_kept", stage=at.stage.spec.title),))
        )
    if handed:
        return await _ask_which(call, at, handed, grown)
    if grown.lacks or not (alone or call.incoming.is_group):
        return await _tell_draft(call, at, grown, sent)
    return await accepted(call, at, await hand_in(call, at, grown.one), author)


async def _tell_draft(call: Call, at: Firing, grown: Grown, sent: Sent) -> Reply:
    """What is missing. Of an album more is on its way, so pictures are not asked for."""
    event = call.incoming
    if event.is_group and sent.album and not grown.lacks.chars:
        return Message(react=DRAFT_MARK, reply_to=event.message_id) if event.message_id else None
    heard = line("reflection.no_picture") if sent.no_picture else None
    return await tell_author(call, at, draft_message(at, grown, heard=heard))


async def _ask_which(call: Call, at: Firing, handed: Reflection, grown: Grown) -> Reply:
    """They have handed one in: shall this one take its place?"""
    if grown.lacks.chars:
        code = await reflections.code_of(call.tx, handed)
        await reflections.drop_draft(call.tx, grown.one)
        return await tell_author(call, at, Message((line("reflection.handed_already", code=code),)))
    code = await reflections.code_of(call.tx, handed)
    buttons = (
        Button(line("reflection.replace", code=code), "reflection", f"x_{brief(grown.one.id)}"),
        Button(line("reflection.keep", code=code), "reflection", f"k_{brief(grown.one.id)}"),
    )
    return await tell_author(call, at, Message((line("reflection.which", code=code),), buttons=(buttons,)))


async def add_pictures(call: Call, at: Firing, handed: Reflection, sent: Sent) -> Reply:
    """To what is handed in already."""
    code = await reflections.code_of(call.tx, handed)
    if not await reflection_windows.may_change(call.tx, handed):
        raise UserError("reflection.locked", code=code)
    if not await take_pictures(call, handed, sent):
        return await tell_author(call, at, await handed_message(call, at, handed))
    await reflections.touch(call.tx, handed, call.now)
    photos = await pictures.count(call.tx, handed.group_id, handed.id)
    return await tell_author(
        call, at, Message((line("reflection.pictures_added", code=code, photos=photos),))
    )


async def draft_told(call: Call, at: Firing, grown: Grown) -> Reply:
    return await tell_author(call, at, draft_message(at, grown))


async def accepted_here(call: Call, at: Firing, one: Reflection) -> Reply:
    return await told(call, at, await accepted_message(call, at, one))
