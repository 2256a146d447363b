"""A file with questions or a pack, sent in private: read off the event loop, shown, and loaded when its sender says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TypeVar

from content.faults import Fault
from content.parcel import MAX_BYTES, Parcel, read_parcel
from domain.errors import NeedsFile, UserError
from domain.ids import brief, from_brief
from domain.incoming import Attachment
from domain.message import Button, File, Line, Message, line
from domain.question import KINDS, Question
from handlers import cycle_template_sent
from handlers.call import Call, Reply
from handlers.quiz import right_answer
from handlers.shelf import code
from storage import banks, packs, previews, shelf
from storage.loading import Loaded
from storage.previews import Preview, Sent

T = TypeVar("T")

FIRST = 3
"""Questions or items shown before loading."""
FAULTS_SHOWN = 10
FAULTS_KEPT = 2000
"""Of a file with more faults, the rest would only repeat them."""
STEM_CHARS = 60


def document(call: Call) -> Attachment | None:
    """The file that came with the message."""
    return next((one for one in call.incoming.attachments if one.kind == "document"), None)


async def receive(call: Call, sent: Attachment) -> Reply:
    parcel = call.file
    if not isinstance(parcel, Parcel):
        read = partial(read_parcel, name=sent.name, media=call.house.media)
        raise NeedsFile(sent, MAX_BYTES, read)
    if parcel.faults:
        return await _tell_faults(call, parcel.faults)
    if parcel.template:
        return await cycle_template_sent.receive(call, parcel.template, parcel.text)
    given = Sent(parcel.pack, parcel.bank)
    placed = await _placed(call, given)
    id = call.house.ids.next(call.now)
    await previews.keep(
        call.tx,
        group_id=call.group.id,
        id=id,
        person_id=call.me.id,
        kind="pack" if given.pack else "bank",
        body=previews.dump(given, await previews.standing(call.tx, placed.id)),
        now=call.now,
    )
    return await _preview(call, id, given, placed)


async def load(call: Call, arg: str) -> Reply:
    preview = await _waiting(call, arg)
    given, seen = previews.parse(preview.body)
    placed = await _placed(call, given)
    stands = await previews.standing(call.tx, placed.id)
    if stands != seen:  # somebody loaded another version meanwhile: what was shown is not what would happen
        await previews.change(call.tx, call.group.id, preview.id, previews.dump(given, stands))
        return await _preview(call, preview.id, given, placed, line("bank.changed_meanwhile"))
    lines: list[Line] = []
    if placed.pack:
        items = await packs.save(call.tx, placed.pack, call.now, call.group.id)
        lines.append(line("bank.pack_loaded", title=placed.title, **_counts(items)))
    if placed.bank:
        questions = await banks.save(call.tx, placed.bank, call.now, call.group.id)
        lines += [] if placed.pack else [line("bank.bank_loaded", title=placed.title)]
        lines.append(line("bank.loaded", **_counts(questions)))
    await previews.close(call.tx, call.group.id, preview.id, "loaded")
    return Message(tuple(lines), buttons=_next(call, placed))


async def leave(call: Call, arg: str) -> Reply:
    preview = await _waiting(call, arg)
    await previews.close(call.tx, call.group.id, preview.id, "left")
    return line("bank.left")


async def _waiting(call: Call, arg: str) -> Preview:
    found = await previews.find(call.tx, call.group.id, from_brief(arg), call.me.id)
    if found is None or found.kind in ("faults", "template"):
        raise UserError("bank.preview_gone")
    if found.kind in ("loaded", "left"):
        raise UserError(f"bank.preview_{found.kind}")
    return found


async def _placed(call: Call, sent: Sent) -> Sent:
    """Under the id it will have here: its own, unless that is somebody else's."""
    id = await shelf.id_for(call.tx, call.group.id, sent.id)
    return Sent(
        replace(sent.pack, id=id) if sent.pack else None, replace(sent.bank, id=id) if sent.bank else None
    )


def _next(call: Call, placed: Sent) -> tuple[tuple[Button, ...], ...]:
    """What to do with it, unless it is being done already."""
    rules = call.group.settings
    if placed.pack:
        if rules.pack == placed.id:
            return ()
        return ((Button(line("bank.study"), "bank", f"study_{code(placed.id)}"),),)
    if rules.questions == placed.id:
        return ()
    return ((Button(line("bank.use"), "bank", f"use_{code(placed.id)}"),),)


async def _preview(call: Call, id: int, given: Sent, placed: Sent, *notes: Line) -> Message:
    lines = [*notes]
    if placed.pack:
        lines.append(line("bank.items", count=len(placed.pack.items)))
        lines += [line("bank.item", number=n, title=x.title) for n, x in _first(placed.pack.items)]
        lines.append(_difference(await packs.compare(call.tx, placed.pack), "items"))
    if placed.bank:
        lines += _questions(placed.bank.questions)
        lines.append(_difference(await banks.compare(call.tx, placed.bank), "questions"))
    if placed.id != given.id:
        lines.append(line("bank.renamed", wanted=given.id))
    arg = brief(id)
    buttons = (
        Button(line("bank.load"), "bank", f"load_{arg}"),
        Button(line("bank.leave"), "bank", f"left_{arg}"),
    )
    title = line("bank.preview_pack" if placed.pack else "bank.preview_bank", title=placed.title)
    return Message(tuple(lines), title=title, buttons=(buttons,))


def _questions(questions: tuple[Question, ...]) -> Iterator[Line]:
    counts = Counter(question.kind for question in questions)
    kinds = tuple(line(f"bank.kind_{kind}", count=counts[kind]) for kind in KINDS if counts[kind])
    yield line("bank.size", count=len(questions), kinds=kinds)
    for number, question in _first(questions):
        stem = question.stem if len(question.stem) <= STEM_CHARS else question.stem[: STEM_CHARS - 1] + "…"
        yield line("bank.question", number=number, stem=stem, right=right_answer(question))
    if len(questions) > FIRST:
        yield line("bank.and_more", count=len(questions) - FIRST)


def _first(things: tuple[T, ...]) -> Iterator[tuple[int, T]]:
    return enumerate(things[:FIRST], 1)


def _difference(change: Loaded, what: str) -> Line:
    if not (change.changed or change.removed or change.unchanged):
        return line(f"bank.new_{what}")
    if not (change.added or change.changed or change.removed):
        return line(f"bank.same_{what}")
    return line(f"bank.change_{what}", **_counts(change))


def _counts(change: Loaded) -> dict[str, int]:
    return {
        "added": change.added,
        "changed": change.changed,
        "removed": change.removed,
        "unchanged": change.unchanged,
    }


async def _tell_faults(call: Call, faults: tuple[Fault, ...]) -> Reply:
    """As many as are read in one go; where there are more, the whole list as a file."""
    one_file = len({fault.file for fault in faults}) == 1
    told = [_fault(fault, one_file) for fault in faults[:FAULTS_KEPT]]
    title = line("bank.faults", file=faults[0].file, count=len(faults))
    if len(faults) <= FAULTS_SHOWN:
        return Message((*told, line("bank.faults_do")), title=title)
    id = call.house.ids.next(call.now)
    await previews.keep(
        call.tx,
        group_id=call.group.id,
        id=id,
        person_id=call.me.id,
        kind="faults",
        body=Message(tuple(told), title=title).dump(),
        now=call.now,
    )
    rest = line("bank.faults_more", count=len(faults) - FAULTS_SHOWN)
    shown = Message(
        (*told[:FAULTS_SHOWN], rest, line("bank.faults_do")), title=title, file=File("bank_faults", brief(id))
    )
    return None if await call.tell_private(shown) else shown


def _fault(fault: Fault, one_file: bool) -> Line:
    what = fault.what
    if fault.column:
        what = line("bank.fault_cell", cell=f"{fault.column}{fault.line}", what=what)
    elif fault.line:
        what = line("bank.fault_line", line=fault.line, what=what)
    return what if one_file else line("bank.fault_file", file=fault.file, what=what)
