"""心得: write one, alone or step by step, hand it in, change it, take it back. What is written stays until its author wants otherwise."""

from __future__ import annotations

from content.words import fold
from domain.errors import UserError
from domain.ids import brief, from_brief
from domain.message import Button, Message, line
from domain.reflection import Lacks, count_chars, photo_to_take_out, tidy_body
from handlers import reflection_pictures
from handlers.call import Call, Command, Reply, done_mark
from handlers.private import is_talk
from handlers.reflecting import grow, hand_in, take_pictures
from handlers.reflection_overhearing import hand_in_draft, overhear
from handlers.reflection_sent import Sent, sent_with
from handlers.reflection_stage import (
    draft_in_stage,
    handed_in_stage,
    is_over,
    stage_meant,
    stage_named,
    stage_of,
)
from handlers.reflection_writing import accepted_here, begin, draft_told, submit, told
from scheduler.stages.kind import Firing
from scheduler.stages.reflection import show_board
from storage import members, pictures, reflection_windows, reflections
from storage.reflections import Reflection

_WORDS = {
    "hand_in": {"交", "提交", "交了", "submit", "handin"},
    "withdraw": {"撤回", "withdraw"},
    "go_on": {"继续", "继续写", "繼續", "繼續寫", "写", "寫", "continue", "write"},
    "edit": {"改", "修改", "edit", "change"},
    "show": {"看", "看看", "show"},
}
_TAKES_WORDS = "edit"


async def reflection(call: Call) -> Reply:
    if call.press:
        return await _pressed(call)
    at = await stage_meant(call, call.me.id, call.me.id)
    if at is None:
        return await _none_open(call)
    if (number := photo_to_take_out(call.args)) is not None:
        return await reflection_pictures.by_words(call, at, number)
    act, rest = _act(call.args)
    sent = await sent_with(call, rest if act == _TAKES_WORDS else call.args)
    match act:
        case "hand_in":
            return await _hand_in(call, at)
        case "withdraw":
            return await _withdraw(call, await _handed(call, at))
        case "edit":
            return await _edit(call, at, sent)
        case "go_on":
            return await begin(call, at)
    if act == "show" or not (call.args or sent.shots or sent.no_picture):
        return await begin(call, at)
    return await submit(call, at, call.me, sent)


def _act(args: str) -> tuple[str, str]:
    """What is to be done, if not to write; only 改 is followed by words of its own."""
    word, _, rest = args.partition(" ") if " " in args else args.partition("\n")
    for act, words in _WORDS.items():
        if fold(word) in words and (act == _TAKES_WORDS or not rest.strip()):
            return act, rest.strip()
    return "", args


async def _none_open(call: Call) -> Reply:
    """Among people the word may be mere talk. In private another of one's groups may be meant."""
    if is_talk(call):
        return None
    if not call.incoming.is_group:
        for group_id, name in await members.groups_of(call.tx, call.me.id):
            if group_id != call.group.id and await reflection_windows.asked_in(call.tx, group_id):
                raise UserError("reflection.other_group", group=name)
    raise UserError("reflection.none")


# --- by words ------------------------------------------------------------------------------------------------------------


async def _hand_in(call: Call, at: Firing) -> Reply:
    draft = await draft_in_stage(at, call.me.id, call.me.id)
    if draft is None:
        return await begin(call, at)
    if await is_over(at):
        raise UserError("reflection.over", stage=at.stage.spec.title)
    return await hand_in_draft(call, at, draft)


async def _handed(call: Call, at: Firing) -> Reflection:
    """What they handed in: in this stage, else what they handed in last."""
    found = await handed_in_stage(at, call.me.id)
    found = found or await reflections.latest_handed(call.tx, call.group.id, call.me.id)
    if found is None:
        raise UserError("reflection.nothing_handed")
    return found


async def _withdraw(call: Call, one: Reflection) -> Reply:
    code = await _check_unread(call, one)
    at = await stage_of(call, one)
    if not await reflections.withdraw(call.tx, one, call.now):
        raise UserError("reflection.withdrawn_already", code=code)
    await show_board(at)
    again = Button(line("reflection.hand_in_again"), "reflection", f"r_{brief(one.id)}")
    return await told(call, at, Message((line("reflection.withdrawn", code=code),), buttons=((again,),)))


async def _check_unread(call: Call, one: Reflection) -> str:
    """Its code. Raises UserError where others read it by now."""
    code = await reflections.code_of(call.tx, one)
    if await reflection_windows.is_locked(call.tx, one.group_id, one.cycle_id, one.place):
        raise UserError("reflection.locked", code=code)
    return code


async def _edit(call: Call, at: Firing, sent: Sent) -> Reply:
    """Other words in place of those there are; pictures join."""
    draft = await draft_in_stage(at, call.me.id, call.me.id)
    handed = await handed_in_stage(at, call.me.id) or (
        None if draft else await reflections.latest_handed(call.tx, call.group.id, call.me.id)
    )
    if not (handed or draft):
        raise UserError("reflection.nothing_handed")
    if not sent.text:
        return await told(call, at, await _how_to_edit(handed or draft))
    if handed:
        return await _edit_handed(call, handed, sent)
    assert draft is not None
    emptied = await reflections.write(call.tx, draft, "", call.now)
    return await draft_told(call, at, await grow(call, at, emptied, sent))


async def _how_to_edit(one: Reflection | None) -> Message:
    assert one is not None
    return Message((line("reflection.how_to_edit"), line("reflection.written", text=one.body)))


async def _edit_handed(call: Call, one: Reflection, sent: Sent) -> Reply:
    code = await _check_unread(call, one)
    at = await stage_of(call, one)
    body = tidy_body(sent.text)
    missing = Lacks(max(at.stage.spec.chars - count_chars(body), 0), 0)
    if missing:
        raise UserError("reflection.edit_short", count=missing.chars, code=code)
    await take_pictures(call, one, sent)
    changed = await reflections.edit(call.tx, one, body, call.now)
    if changed is None:
        raise UserError("button.old")
    photos = await pictures.count(call.tx, one.group_id, one.id)
    return done_mark(call, line("reflection.edited", code=code, chars=count_chars(body), photos=photos))


# --- by buttons ----------------------------------------------------------------------------------------------------------


async def _pressed(call: Call) -> Reply:
    code, _, rest = call.args.partition("_")
    if code == "w":
        return await begin(call, await stage_named(call, rest))
    if code == "u":
        return await _take_back(call, rest)
    id, _, place = rest.partition("_")
    one = await _own(call, id)
    match code:
        case "p":
            return await reflection_pictures.take_out(call, one)
        case "d":
            return await reflection_pictures.pressed(call, one, place)
        case "h":
            return await _hand_in_pressed(call, one)
        case "t":
            return await _withdraw(call, one)
        case "r":
            return await _hand_in_again(call, one)
        case "x":
            return await _replace(call, one)
        case "k":
            return await _keep(call, one)
    raise UserError("button.old")


async def _own(call: Call, id: str) -> Reflection:
    one = await reflections.find(call.tx, call.group.id, from_brief(id))
    if one is None:
        raise UserError("reflection.gone")
    if call.me.id not in (one.person_id, one.by):
        raise UserError("button.not_yours")
    return one


async def _hand_in_pressed(call: Call, one: Reflection) -> Reply:
    at = await stage_of(call, one)
    if one.state != "draft":
        raise UserError("reflection.handed_already", code=await reflections.code_of(call.tx, one))
    if await is_over(at):
        raise UserError("reflection.over", stage=at.stage.spec.title)
    return await hand_in_draft(call, at, one)


async def _hand_in_again(call: Call, one: Reflection) -> Reply:
    at = await stage_of(call, one)
    if await handed_in_stage(at, one.person_id) is not None or one.state != "withdrawn":
        raise UserError("reflection.handed_already", code=await reflections.code_of(call.tx, one))
    if await is_over(at):
        raise UserError("reflection.over", stage=at.stage.spec.title)
    return await accepted_here(call, at, await hand_in(call, at, one))


async def _take_back(call: Call, rest: str) -> Reply:
    """The part that was added last, as long as nothing came after it."""
    version, _, begins = rest.partition("_")
    draft = await reflections.latest_draft(call.tx, call.group.id, call.me.id)
    if draft is None or str(draft.version) != version or not (begins.isascii() and begins.isdecimal()):
        raise UserError("reflection.changed_since")
    at = await stage_of(call, draft)
    shorter = await reflections.write(call.tx, draft, draft.body[: int(begins)], call.now)
    return await draft_told(call, at, await grow(call, at, shorter, Sent("")))


async def _replace(call: Call, draft: Reflection) -> Reply:
    """What was handed in gets the words of the draft, and its pictures too."""
    at = await stage_of(call, draft)
    handed = await handed_in_stage(at, draft.person_id)
    if draft.state != "draft" or handed is None:
        raise UserError("reflection.changed_since")
    code = await _check_unread(call, handed)
    sent = [picture.as_shot for picture in await pictures.of_reflection(call.tx, draft.group_id, draft.id)]
    await reflections.drop_draft(call.tx, draft)
    await pictures.add(call.tx, handed.group_id, handed.id, sent, call.now)
    await reflections.edit(call.tx, handed, draft.body, call.now)
    photos = await pictures.count(call.tx, handed.group_id, handed.id)
    return line("reflection.edited", code=code, chars=count_chars(draft.body), photos=photos)


async def _keep(call: Call, draft: Reflection) -> Reply:
    at = await stage_of(call, draft)
    handed = await handed_in_stage(at, draft.person_id)
    if draft.state != "draft" or handed is None:
        raise UserError("reflection.changed_since")
    await reflections.drop_draft(call.tx, draft)
    return line("reflection.kept", code=await reflections.code_of(call.tx, handed))


COMMAND = Command("reflection", reflection, takes_text=True, overhears=overhear, topic="activity")
