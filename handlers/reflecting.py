"""Where a reflection is written: which stage is meant, what was sent for it, and how it grows until it is handed in."""

from __future__ import annotations

from dataclasses import dataclass, replace

from domain.errors import UserError
from domain.group import Member
from domain.ids import brief, from_brief
from domain.incoming import Attachment, Incoming
from domain.message import Button, Line, Message, line
from domain.reflection import Lacks, count_chars, joined, lacks, tidy_body
from handlers.call import Call, Reply
from scheduler.stages.kind import Firing
from scheduler.stages.reflection import show_board, write_button
from storage import albums, cycles, members, pictures, reflections, reviews
from storage.pictures import PictureKind, Shot, Source
from storage.reflections import Reflection
from storage.telling import tell_person

DRAFT_MARK = "✍"
"""On a message in the group that was kept as a draft: heard, and not yet handed in."""
_PICTURE_NAMES = (
    ".jpg",
    ".jpeg",
    ".png",
    ".gif",
    ".webp",
    ".heic",
    ".heif",
    ".bmp",
    ".tif",
    ".tiff",
    ".avif",
)
_FILM_NAMES = (".mp4", ".mov", ".m4v", ".webm", ".3gp", ".avi", ".mkv")


@dataclass(frozen=True, slots=True)
class Sent:
    """What one message brings for a reflection."""

    text: str
    shots: tuple[Shot, ...] = ()
    album: str = ""
    """What its pictures were sent together as."""
    no_picture: bool = False
    """It also brought a file that is none."""


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


# --- which stage ---------------------------------------------------------------------------------------------------------


async def stage_meant(call: Call, author: int, by: int) -> Firing | None:
    """The stage that takes reflections: where the author's draft is, else where they have handed in nothing yet.

    One that has closed is meant until its review has closed too, and last of all one where it has (`is_over` tells).
    """
    found = await stages_there(call)
    if not found:
        return None
    draft = await draft_anywhere(call, author, by)
    for at in found:
        if draft and (draft.cycle_id, draft.place) == (at.cycle.id, at.stage.place):
            return at
    for at in found:
        if await handed_in_stage(at, author) is None:
            return at
    return found[0]


async def stages_there(call: Call) -> list[Firing]:
    """Every stage of reflections of an activity that is running: the open ones, those that still take late ones, those that are over."""
    found = [
        Firing(call.tx, call.house.ids, call.group, cycle, stage, call.now)
        for cycle in await cycles.running(call.tx, call.group.id)
        for stage in await cycles.stages(call.tx, cycle)
        if stage.spec.kind == "reflection" and stage.state in ("open", "closed")
    ]
    over = {at.arg: await is_over(at) for at in found}
    return sorted(
        found,
        key=lambda at: (over[at.arg], at.stage.state != "open", -(at.stage.opened_at or 0), -at.cycle.id),
    )


async def is_over(at: Firing) -> bool:
    """Nothing is taken any more. Who is late is, until the review closes, but changes nothing once it has opened."""
    return await reflections.is_over(at.tx, at.group.id, at.cycle.id, at.stage.place)


async def stage_named(call: Call, arg: str) -> Firing:
    """By a button's argument."""
    name, _, place = arg.partition("_")
    at = int(place) if place.isascii() and place.isdecimal() else -1
    found = await cycles.stage(call.tx, call.group.id, from_brief(name), at)
    if found is None or found[1].spec.kind != "reflection":
        raise UserError("button.old")
    return Firing(call.tx, call.house.ids, call.group, *found, call.now)


async def stage_of(call: Call, one: Reflection) -> Firing:
    return await stage_named(call, f"{brief(one.cycle_id)}_{one.place}")


# --- whose ---------------------------------------------------------------------------------------------------------------


async def draft_anywhere(call: Call, author: int, by: int) -> Reflection | None:
    """The draft that ``by`` writes; a secretary's for somebody else is not that person's own."""
    if author == by:
        return await reflections.latest_draft(call.tx, call.group.id, author)
    return None


async def draft_in_stage(at: Firing, author: int, by: int) -> Reflection | None:
    found = await _in_stage(at, author)
    return next((one for one in reversed(found) if one.state == "draft" and one.by == by), None)


async def handed_in_stage(at: Firing, author: int) -> Reflection | None:
    return next((one for one in await _in_stage(at, author) if one.state == "handed"), None)


async def _in_stage(at: Firing, author: int) -> list[Reflection]:
    theirs = await reflections.of_person(at.tx, at.group.id, author, at.cycle.id)
    return [one for one in theirs if one.place == at.stage.place]


# --- what was sent -------------------------------------------------------------------------------------------------------


async def sent_with(call: Call, text: str) -> Sent:
    """The words, the pictures of the message, those of the message it answers, and those of its album that came before it."""
    event = call.incoming
    shots, album = shots_of(event), album_of(event)
    no_picture = len(shots) < len(event.attachments)
    if album:
        shots = [*await albums.seen_of_album(call.tx, event, album), *shots]
    if event.reply_to and not shots:
        shots, album = await albums.seen(call.tx, event, event.reply_to)
    return Sent(text, tuple(shots), album, no_picture)


def album_of(event: Incoming) -> str:
    return next((one.album_id for one in event.attachments if one.album_id), "")


def shots_of(event: Incoming) -> list[Shot]:
    """What of a message's files can be shown as a picture or a film."""
    return [
        Shot(kind, Source(event.platform, event.account, event.chat_id, x.file_id, x.kind, x.size, x.name))
        for x in event.attachments
        if (kind := picture_kind(x)) is not None
    ]


def picture_kind(one: Attachment) -> PictureKind | None:
    """A picture may be sent as a document, to keep it sharp."""
    name = one.name.casefold()
    if one.kind == "photo" or (one.kind == "document" and name.endswith(_PICTURE_NAMES)):
        return "photo"
    if one.kind == "video" or (one.kind == "document" and name.endswith(_FILM_NAMES)):
        return "video"
    return None


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
    return Message(tuple(lines), buttons=(tuple(buttons),) if buttons else ())


async def accepted(call: Call, at: Firing, one: Reflection, author: Member) -> Message:
    """Said where it was handed in: in the group with the number alone, in private with what can be done with it."""
    code = await reflections.code_of(call.tx, one)
    late = [line("reflection.was_late")] if at.stage.state != "open" else []
    if read := not await reflections.may_change(call.tx, one):
        late.append(line("reflection.read_soon"))
    if call.incoming.is_group and not call.press:
        key = "reflection.accepted_proxy" if one.by_proxy else "reflection.accepted"
        said = line(key, name=author.name, code=code)
        return Message((said, *late), reply_to=call.incoming.message_id)
    photos = await pictures.count(call.tx, one.group_id, one.id)
    done = line("reflection.done", code=code, chars=count_chars(one.body), photos=photos)
    if read:
        return Message((done, *late))
    take_back = Button(line("reflection.withdraw"), "reflection", f"t_{brief(one.id)}")
    return Message((done, *late, line("reflection.editable")), buttons=((take_back,),))


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
