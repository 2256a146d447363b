"""How a reflection grows until it is handed in, and what its author and the group are told of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from domain.errors import UserError
from domain.group import Member
from domain.ids import brief
from domain.message import Button, Line, Message, line
from domain.reflection import Lacks, count_chars, joined, lacks, tidy_body
from handlers.call import Call, Reply
from handlers.reflection_sent import Sent
from handlers.reflection_shown import take_in
from scheduler.stages.kind import Firing
from scheduler.stages.reflection import show_board, write_button
from storage import albums, members, pictures, reflection_windows, reflections, reviews
from storage.reflections import Reflection
from storage.telling import tell_person

DRAFT_MARK = "✍"
"""On a message in the group that was kept as a draft: heard, and not yet handed in."""


@dataclass(frozen=True, slots=True)
class Grown:
    """A reflection after something was added to it. ``before`` and ``lacks`` tell what it lacked, and lacks now."""

    one: Reflection
    photos: int
    before: Lacks
    lacks: Lacks
    added_at: int | None = None
    """Where in the text what was added begins; None where nothing was, or it was not simply put at the end."""

    @property
    def chars(self) -> int:
        return count_chars(self.one.body)

    @property
    def completed(self) -> bool:
        return bool(self.before) and not self.lacks


# --- how it grows --------------------------------------------------------------------------------------------------------


async def grow(call: Call, at: Firing, draft: Reflection, sent: Sent) -> Grown:
    """Put what was sent to the draft. Raises UserError where that makes it too long; nothing is changed then."""
    before = await lacking(at, draft)
    added_at: int | None = None
    if sent.text:
        body = tidy_body(joined(draft.body, tidy_body(sent.text)))
        if body == f"{draft.body}\n{body[len(draft.body) + 1 :]}" or not draft.body:
            added_at = len(draft.body)
        if body != draft.body:
            draft = await reflections.write(call.tx, draft, body, call.now)
    await take_pictures(call, draft, sent)
    await reflections.touch(call.tx, draft, call.now)
    photos = await pictures.count(call.tx, call.group.id, draft.id)
    return Grown(draft, photos, before, await lacking(at, draft), added_at)


async def take_pictures(call: Call, one: Reflection, sent: Sent) -> int:
    """How many were new."""
    if sent.album:
        await albums.claim(call.tx, call.incoming, sent.album, call.group.id, one.id, call.now)
    return await pictures.add(call.tx, call.group.id, one.id, sent.shots, call.now)


async def lacking(at: Firing, one: Reflection) -> Lacks:
    spec = at.stage.spec
    photos = await pictures.count(at.tx, one.group_id, one.id)
    return lacks(count_chars(one.body), photos, of_chars=spec.chars, of_photos=spec.photos)


async def hand_in(call: Call, at: Firing, draft: Reflection) -> Reflection:
    """Under a number, on the board for all to see; whoever is late is given reviewers too. Raises UserError where it is there already."""
    handed = await reflections.hand_in(call.tx, draft, call.now)
    if handed is None:
        raise UserError("reflection.handed_already", code=await reflections.code_of(call.tx, draft))
    await show_board(at)
    if at.stage.state != "open":
        await reviews.repair_soon(call.tx, call.group.id, call.now)
    if handed.by_proxy:
        await _tell_author(call, handed)
    return handed


async def _tell_author(call: Call, handed: Reflection) -> None:
    """Nobody's words are entered behind their back."""
    author = await members.find(call.tx, call.group.id, handed.person_id)
    if author is None:
        return
    code = await reflections.code_of(call.tx, handed)
    said = Message((line("reflection.entered_for_you", name=call.me.name, code=code),))
    later = call.group.settings.after_quiet(call.now)
    await tell_person(call.tx, call.house.ids, call.now, call.group, author, said, not_before=later)


# --- what is said of it --------------------------------------------------------------------------------------------------


def short(lacks: Lacks) -> Line:
    """What is missing, and that nothing is lost."""
    parts = []
    if lacks.chars:
        parts.append(line("reflection.lacks_chars", count=lacks.chars))
    if lacks.photos:
        parts.append(line("reflection.lacks_photos", count=lacks.photos))
    return line("reflection.short", lacks=tuple(parts))


def draft_message(at: Firing, grown: Grown, *, heard: Line | None = None) -> Message:
    """How far it has come, to its author alone."""
    lines = [heard] if heard else []
    lines.append(line("reflection.so_far", chars=grown.chars, photos=grown.photos))
    lines.append(short(grown.lacks) if grown.lacks else line("reflection.ready"))
    buttons = []
    if not grown.lacks:
        buttons.append(Button(line("reflection.hand_in"), "reflection", f"h_{brief(grown.one.id)}"))
    if grown.added_at is not None and not grown.one.by_proxy:
        buttons.append(
            Button(line("reflection.take_back"), "reflection", f"u_{grown.one.version}_{grown.added_at}")
        )
    rows = [buttons, [out_button(grown.one)] if grown.photos else []]
    return Message(tuple(lines), buttons=tuple(tuple(row) for row in rows if row))


def out_button(one: Reflection) -> Button:
    return Button(line("reflection.take_photo_out"), "reflection", f"p_{brief(one.id)}")


def own_buttons(one: Reflection, *, spare_photos: bool) -> tuple[tuple[Button, ...], ...]:
    """What its author may do with one that was handed in and nobody reads yet."""
    row = [Button(line("reflection.withdraw"), "reflection", f"t_{brief(one.id)}")]
    return ((*row, out_button(one)),) if spare_photos else (tuple(row),)


async def accepted(call: Call, at: Firing, one: Reflection, author: Member) -> Reply:
    """Said where it was handed in: in the group with the number alone, in private with what can be done with it."""
    if not call.incoming.is_group or call.press:
        return await accepted_message(call, at, one)
    key = "reflection.accepted_proxy" if one.by_proxy else "reflection.accepted"
    said = line(key, name=author.name, code=await reflections.code_of(call.tx, one))
    lines = (said, *await _late(call, at, one))
    await take_in(call, one, Message(lines, reply_to=call.incoming.message_id))
    return None


async def _late(call: Call, at: Firing, one: Reflection) -> list[Line]:
    lines = [line("reflection.was_late")] if at.stage.state != "open" else []
    if not await reflection_windows.may_change(call.tx, one):
        lines.append(line("reflection.read_soon"))
    return lines


async def accepted_message(call: Call, at: Firing, one: Reflection) -> Message:
    """To its author: what was taken in, and what can be done with it."""
    code = await reflections.code_of(call.tx, one)
    late = await _late(call, at, one)
    photos = await pictures.count(call.tx, one.group_id, one.id)
    done = line("reflection.done", code=code, chars=count_chars(one.body), photos=photos)
    if not await reflection_windows.may_change(call.tx, one):
        return Message((done, *late))
    buttons = own_buttons(one, spare_photos=photos > at.stage.spec.photos)
    return Message((done, *late, line("reflection.editable")), buttons=buttons)


async def tell_author(call: Call, at: Firing, said: Message) -> Reply:
    """In private, where the author can be written to; else as an answer to what they wrote, and as short."""
    if not call.incoming.is_group:
        return said
    mark = call.incoming.message_id
    if await told_in_private(call, at, said):
        return Message(react=DRAFT_MARK, reply_to=mark) if mark and not call.press else line("private.sent")
    return Message(said.lines[-1:], buttons=((write_button(at.arg),),), reply_to=mark)


async def told_in_private(call: Call, at: Firing, said: Message) -> bool:
    """They go on there, so the group they come from is the one they mean from here on."""
    if not await call.tell_private(replace(said, title=line("reflection.title", cycle=at.cycle.title))):
        return False
    if len(await members.groups_of(call.tx, call.me.id)) > 1:
        await members.set_home(call.tx, call.me.id, call.group.id)
    return True
