"""What belongs to a reflection without saying so: late pieces of an album, words written step by step in private, answers
to the message that asked for them, and pictures that somebody may answer with words later."""

from __future__ import annotations

from dataclasses import replace

from domain.day import HOUR
from domain.group import Role
from domain.message import Message, line
from domain.reflection import count_chars, photo_to_take_out
from handlers.call import Call, Heard, Reply
from handlers.joining import join_group
from handlers.peer_inviting import invited_under
from handlers.reflecting import (
    accepted,
    draft_message,
    grow,
    hand_in,
    lacking,
    short,
    take_pictures,
    tell_author,
)
from handlers.reflection_pictures import take_out
from handlers.reflection_sent import Sent, album_of, sent_with, shots_of
from handlers.reflection_shown import answers_self
from handlers.reflection_stage import handed_in_stage, is_over, stage_meant, stage_of, stages_there
from handlers.reflection_writing import add_pictures, submit
from scheduler.stages.kind import Firing
from storage import albums, members, posts, reflection_windows, reflections
from storage.reflections import Reflection

LISTENS = 3 * HOUR
"""So long after its author did something for it, a draft takes whatever they write in private."""
SURELY_CHARS = 20
"""Later, only what is too long to be a greeting."""
_DONE = frozenset(("交", "交了", "提交", "写好了", "handin", "hand in", "submit", "done"))


async def overhear(call: Call) -> Heard | None:
    sent = await sent_with(call, call.incoming.text.strip())
    if sent.album and (owner := await albums.owner(call.tx, call.incoming, sent.album)) is not None:
        return await _late_piece(call, owner, sent)
    if call.incoming.is_group:
        return await _in_group(call, sent)
    return await _in_private(call, sent) if call.known_me else None


# --- pieces of an album --------------------------------------------------------------------------------------------------


async def _late_piece(call: Call, owner: int, sent: Sent) -> Heard | None:
    """It joins without a word, unless it was all that was missing."""
    one = await reflections.find(call.tx, call.group.id, owner)
    if one is None or not await reflection_windows.may_change(call.tx, one):
        return Heard()
    at = await stage_of(call, one)
    before = await lacking(at, one)
    await take_pictures(call, one, sent)
    if one.state != "draft" or not before or await lacking(at, one):
        return Heard()
    return Heard(await _completed(call, at, one))


async def _completed(call: Call, at: Firing, one: Reflection) -> Reply:
    author = await members.find(call.tx, call.group.id, one.person_id)
    if author is None:
        return None
    if call.incoming.is_group:
        return await accepted(call, at, await hand_in(call, at, one), author)
    return draft_message(at, await grow(call, at, one, Sent("")))


# --- in private ----------------------------------------------------------------------------------------------------------


async def _in_private(call: Call, sent: Sent) -> Heard | None:
    draft = await reflections.latest_draft(call.tx, call.group.id, call.me.id)
    if draft and not await reflection_windows.may_change(call.tx, draft):
        draft = None
    if sent.shots:
        return await _pictures_in_private(call, draft, sent)
    if draft is None or call.incoming.text.lstrip().startswith("/"):
        return None
    at = await stage_of(call, draft)
    if sent.no_picture:
        return await _no_picture(call, at, draft, sent)
    if sent.text.casefold() in _DONE:
        return Heard(await hand_in_draft(call, at, draft))
    if (number := photo_to_take_out(sent.text)) is not None:
        return Heard(await take_out(call, draft, number))
    if not (_listens(call, draft) or count_chars(sent.text) >= SURELY_CHARS):
        return None
    return Heard(draft_message(at, await grow(call, at, draft, sent)))


def _listens(call: Call, draft: Reflection) -> bool:
    return call.now - draft.changed_at <= LISTENS


async def _no_picture(call: Call, at: Firing, draft: Reflection, sent: Sent) -> Heard | None:
    """A secretary's file is more likely a bank of questions."""
    if not _listens(call, draft) or call.role >= Role.SECRETARY:
        return None
    return Heard(draft_message(at, await grow(call, at, draft, sent), heard=line("reflection.no_picture")))


async def hand_in_draft(call: Call, at: Firing, draft: Reflection) -> Reply:
    lacks = await lacking(at, draft)
    if lacks:
        return await tell_author(call, at, Message((short(lacks),)))
    return await accepted(call, at, await hand_in(call, at, draft), call.me)


async def _pictures_in_private(call: Call, draft: Reflection | None, sent: Sent) -> Heard | None:
    """To the draft; else to what was handed in just now; else they begin a draft, where reflections are asked for."""
    if draft:
        at = await stage_of(call, draft)
        return Heard(draft_message(at, await grow(call, at, draft, sent)))
    handed = await reflections.latest_handed(call.tx, call.group.id, call.me.id)
    if handed and _listens(call, handed):
        at = await stage_of(call, handed)
        if await reflection_windows.may_change(call.tx, handed):
            return Heard(await add_pictures(call, at, handed, replace(sent, text="")))
    meant = await stage_meant(call, call.me.id, call.me.id)
    if meant is None or await is_over(meant):
        return None
    there = await handed_in_stage(meant, call.me.id)
    if there and not await reflection_windows.may_change(call.tx, there):
        return None
    return Heard(await submit(call, meant, call.me, sent))


# --- in the group --------------------------------------------------------------------------------------------------------


async def _in_group(call: Call, sent: Sent) -> Heard | None:
    if (invited := await invited_under(call)) is not None:
        return invited
    named = _after_word(call, sent.text)
    if named is not None and sent.shots:
        sent = replace(sent, text=named)
        return Heard(await _submit_as_member(call, None, sent))
    answered = await _stage_answered(call)
    if answered is None and await _answers_about_draft(call):
        answered = await stage_meant(call, call.me.id, call.me.id)
    if answered:
        return Heard(await _submit_as_member(call, answered, sent))
    return Heard() if await _remember(call) else None


def _after_word(call: Call, text: str) -> str | None:
    """What follows 心得 written without a space; None where the text does not begin so."""
    for words in call.house.vocabulary.commands["reflection"].values():
        for word in sorted(words, key=len, reverse=True):
            if text.casefold().startswith(word) and not word.isascii():
                return text[len(word) :].strip()
    return None


async def _stage_answered(call: Call) -> Firing | None:
    """The stage whose opening or whose board is answered."""
    event = call.incoming
    if not event.reply_to:
        return None
    for at in await stages_there(call):
        for slot in (f"stage:{at.arg}", f"board:{at.arg}"):
            shown = await posts.find(
                call.tx, f"{event.platform}:{event.account}", event.chat_id, slot, event.thread_id or ""
            )
            if shown == event.reply_to:
                return at
    return None


async def _answers_about_draft(call: Call) -> bool:
    """Somebody who is writing answers what the bot said of it, or puts pictures to their own words."""
    event = call.incoming
    if call.known_me is None or not event.reply_to:
        return False
    draft = await reflections.latest_draft(call.tx, call.group.id, call.me.id)
    if draft is None or not _listens(call, draft):
        return False
    return event.addressed or (bool(shots_of(event)) and answers_self(event))


async def _submit_as_member(call: Call, at: Firing | None, sent: Sent) -> Reply:
    """Whoever hands in is a member from then on."""
    me = call.known_me or await join_group(
        call.tx, call.house.ids, call.now, call.group, call.incoming, Role.MEMBER
    )
    call = replace(call, _me=me)
    at = at or await stage_meant(call, me.id, me.id)
    return None if at is None else await submit(call, at, me, sent)


async def _remember(call: Call) -> bool:
    """Pictures among people, while reflections are written: words may follow."""
    event = call.incoming
    shots = shots_of(event)
    if not shots or not event.message_id:
        return False
    if all([await is_over(at) for at in await stages_there(call)]):
        return False
    person = call.known_me.id if call.known_me else 0
    await albums.see(call.tx, event, shots[0], album_of(event), person, call.now)
    return True
