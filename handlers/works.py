"""作品: a poem, a picture, a film, a text, handed in for all to see; it may be changed or taken back until the vote begins."""

from __future__ import annotations

from content.words import fold
from domain.cycle import Cycle, Stage
from domain.errors import UserError
from domain.group import Group
from domain.ids import brief
from domain.incoming import Attachment
from domain.message import Button, Line, Message, line
from domain.works import (
    TEXT_CHARS,
    TITLE_CHARS,
    WORKS_EACH,
    Work,
    WorkKind,
    is_for_works,
    led_by_number,
    ranked,
    read_number,
    read_work,
    voting_from,
)
from handlers.call import Call, Command, Reply, done_mark
from handlers.private import is_talk
from handlers.stages import refresh, stage_named
from handlers.work_file import first_file, waiting
from scheduler.moments import moment
from scheduler.stages.exhibition import entries, entry, results, vote_buttons
from scheduler.stages.kind import Firing
from storage import cycles, pictures, votes, works
from storage.pictures import PictureKind, Shot, Source
from storage.tx import Tx

_BACK = {"撤回", "撤销", "撤銷", "取消", "withdraw", "undo"}
_PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".gif")
_FILMS = (".mp4", ".mov", ".m4v", ".webm")


async def work(call: Call) -> Reply:
    at = await works_meant(call, "works.none_open")
    if at is None:
        return None
    first, _, rest = call.args.strip().partition(" ")
    if call.press or not (call.args.strip() or call.incoming.attachments):
        return await _mine(call, at)
    if fold(first) in _BACK:
        return await _withdraw(call, at, rest)
    number, said = led_by_number(call.args)
    if number is None:
        return await _add(call, at)
    if not said and not call.incoming.attachments:
        return await _show(call, at, number)
    return await _change(call, at, number, said)


async def works_meant(call: Call, none_open: str) -> Firing | None:
    """The stage that a button names, else the one for works that opened last; None where it was perhaps only talk.

    Raises UserError for a stage that is over, and with the key ``none_open`` where there is none.
    """
    if call.press and "_" in call.args:
        at = await stage_named(call, call.args)
        if not is_for_works(at.stage.spec):
            raise UserError("button.old")
        return at
    found = await cycles.open_for_works(call.tx, call.group.id)
    if found is None and is_talk(call):
        return None
    if found is None:
        raise UserError(none_open)
    return call.firing(*found)


async def is_voting(at: Firing) -> bool:
    """A stage that was extended after the first vote keeps voting."""
    return at.now >= voting_from(at.stage) or bool(await votes.of_stage(at.tx, at.stage))


async def _add(call: Call, at: Firing) -> Reply:
    await _check_open(at)
    shown = await works.of_stage(call.tx, at.stage)
    if sum(one.person_id == call.me.id for one in shown) >= WORKS_EACH:
        raise UserError("works.enough", most=WORKS_EACH)
    kind, shots = _attached(call)
    title, text = _checked(call.args, kind)
    id = call.house.ids.next(call.now)
    number = await works.add(call.tx, at.stage, id, call.me.id, works.packed(kind, title, text), call.now)
    await pictures.add(call.tx, call.group.id, id, shots, call.now)
    await refresh(call, at)
    return done_mark(call, line("works.noted", number=number, title=title))


async def _change(call: Call, at: Firing, number: int, said: str) -> Reply:
    """New words take the place of the old; a new file, too, where one came along."""
    await _check_open(at)
    one = await _own(call, at, number)
    kind, shots = _attached(call) if call.incoming.attachments else (one.kind, [])
    title, text = _checked(said, kind) if said else (one.title, one.text)
    await works.change(call.tx, call.group.id, one.id, works.packed(kind, title, text), call.now)
    if call.incoming.attachments:
        await pictures.drop(call.tx, call.group.id, one.id)
        await pictures.add(call.tx, call.group.id, one.id, shots, call.now)
    await refresh(call, at)
    return done_mark(call, line("works.changed", number=number, title=title))


async def _withdraw(call: Call, at: Firing, rest: str) -> Reply:
    await _check_open(at)
    number = read_number(rest)
    if number is None:
        raise UserError("works.withdraw_how")
    one = await _own(call, at, number)
    await works.withdraw(call.tx, call.group.id, one.id)
    await pictures.drop(call.tx, call.group.id, one.id)
    await refresh(call, at)
    return done_mark(call, line("works.withdrawn", number=number, title=one.title))


async def _show(call: Call, at: Firing, number: int) -> Message:
    """「作品 W3」: what it is, with its first file, for everybody; to its author also how it is changed."""
    one = await find_work(call, at, number)
    lines = [line("works.full", text=one.text)] if one.text else []
    sent = await pictures.of_reflection(call.tx, call.group.id, one.id)
    if sent:
        lines += [*waiting(sent), line("works.in_gallery", link=_gallery(call, at, one))]
    if one.person_id == call.me.id and not await is_voting(at):
        lines.append(line("works.how_to_change", number=number))
    return Message(tuple(lines), title=entry(one), file=first_file(sent))


def _gallery(call: Call, at: Firing, one: Work) -> str:
    """To its place on the page (web/gallery.py), which finds the reader's own chat."""
    return f"{call.house.public_url}/gallery/{brief(at.group.id)}-{brief(at.cycle.id)}#W{one.number}"


async def _check_open(at: Firing) -> None:
    if await is_voting(at):
        raise UserError("works.voting", until=moment(at.group, at.stage.closes_at))


async def _own(call: Call, at: Firing, number: int) -> Work:
    """Raises UserError for a number that is nobody's, or somebody else's."""
    one = await find_work(call, at, number)
    if one.person_id != call.me.id:
        raise UserError("works.not_yours", number=number)
    return one


async def find_work(call: Call, at: Firing, number: int) -> Work:
    """Raises UserError for a number that is nobody's."""
    for one in await works.of_stage(call.tx, at.stage):
        if one.number == number:
            return one
    raise UserError("works.unknown", number=number)


async def _mine(call: Call, at: Firing) -> Message:
    shown = await works.of_stage(call.tx, at.stage)
    own = [one for one in shown if one.person_id == call.me.id]
    if await is_voting(at):
        return Message((line("works.voting", until=moment(at.group, at.stage.closes_at)),))
    until = moment(at.group, voting_from(at.stage))
    lines: list[Line] = [*entries(own)]
    lines.append(line("works.how", most=WORKS_EACH, from_when=until))
    if own:
        lines.append(line("works.how_to_change", number=own[0].number))
    return Message(tuple(lines))


def _checked(said: str, kind: WorkKind) -> tuple[str, str]:
    """(title, text). Raises UserError where either is too long, or there is nothing to show."""
    title, text = read_work(said)
    if not title:
        raise UserError("works.untitled")
    if len(title) > TITLE_CHARS:
        raise UserError("works.title_too_long", most=TITLE_CHARS, length=len(title))
    if len(text) > TEXT_CHARS:
        raise UserError("works.text_too_long", most=TEXT_CHARS, length=len(text))
    if kind == "text" and not text:
        raise UserError("works.nothing")
    return title, text


def _attached(call: Call) -> tuple[WorkKind, list[Shot]]:
    """(kind, what is to be fetched). What can be looked at says what kind of work it is."""
    shots = [Shot(_kind(one), _source(call, one)) for one in call.incoming.attachments]
    kinds = [shot.kind for shot in shots]
    looked_at = [kind for kind in kinds if kind in ("photo", "video")]
    return next(iter((*looked_at, *kinds)), "text"), shots


def _kind(one: Attachment) -> PictureKind:
    """A picture that was sent as a document is a picture all the same; whether it really is one, its bytes will tell."""
    name = one.name.casefold()
    if one.kind == "document" and name.endswith(_PICTURES):
        return "photo"
    if one.kind == "document" and name.endswith(_FILMS):
        return "video"
    return "audio" if one.kind == "voice" else one.kind


def _source(call: Call, one: Attachment) -> Source:
    heard = call.incoming
    return Source(
        heard.platform, heard.account, heard.chat_id, one.file_id, one.kind, one.size, one.name[:200]
    )


async def compose_works(tx: Tx, group: Group, cycle: Cycle, stage: Stage, arg: str, now: int) -> Message:
    """What was handed in; while it is voted for, how many have; the counts only when it is over."""
    shown = await works.of_stage(tx, stage)
    given = await votes.of_stage(tx, stage)
    title = line("works.board", cycle=cycle.title, stage=stage.spec.title)
    if stage.state == "closed" and given:
        counts: dict[int, int] = {}
        for one in given.values():
            counts[one] = counts.get(one, 0) + 1
        return Message(tuple(results(ranked(shown, counts))), title=title, silent=True)
    lines = entries(shown) or [line("works.none")]
    buttons: tuple[tuple[Button, ...], ...] = ()
    if stage.state == "open" and (now >= voting_from(stage) or given):
        if len(shown) > 1:
            lines.append(line("vote.turnout", count=len(given)))
            buttons = vote_buttons(arg, shown)
    elif stage.state == "open":
        lines.append(line("works.until", until=moment(group, voting_from(stage))))
        buttons = ((Button(line("works.button"), "work", arg),),)
    return Message(tuple(lines), title=title, buttons=buttons, silent=True)


COMMAND = Command("work", work, takes_text=True, topic="activity")
