"""讨论表: what a sub-group came to, filled in by its liaison field by field in private; the others of the group may read it."""

from __future__ import annotations

from domain.agenda import ANSWER_CHARS
from domain.errors import UserError
from domain.group import Role
from domain.message import Line, Message, line
from domain.numbered import answer_to, in_plain_words, next_open
from domain.seminar import Signup
from domain.wording import clean
from handlers.asked import LISTENS, asked, note
from handlers.call import Call, Command, Heard, Reply
from handlers.private import in_private
from handlers.stages import stage_meant
from scheduler.stages.kind import Firing
from scheduler.teams import liaison_of
from storage import handins, signups


async def form(call: Call) -> Reply:
    at = await stage_meant(call, "discussion.none_open", "seminar")
    if at is None:
        return None
    if not at.stage.spec.questions:
        raise UserError("discussion.no_form", stage=at.stage.spec.title)
    sides = sorted({one.side for one in await signups.of_stage(call.tx, at.stage, "in") if one.side})
    if not sides:
        raise UserError("discussion.no_sides")
    mine = await signups.find(call.tx, at.stage, call.me.id)
    text = "" if call.press else clean(call.args)
    if text:
        return await _fill(call, at, mine, text)
    return await in_private(call, await _shown(call, at, mine, sides))


async def plain_words(call: Call) -> Heard | None:
    """From the liaison, soon after the form was shown, as long as a field is empty."""
    text = clean(call.args)
    put = await asked(call, "form", text)
    if put is None or call.now - put[1] > LISTENS:
        return None
    at = put[0]
    mine = await signups.find(call.tx, at.stage, call.me.id)
    if mine is None or not await _is_liaison(call, at, mine):
        return None
    given = (await forms(at)).get(mine.side, {})
    said = in_plain_words(text, len(at.stage.spec.questions), set(given))
    return Heard(await _fill(call, at, mine, said)) if said else None


async def _is_liaison(call: Call, at: Firing, mine: Signup | None) -> bool:
    if mine is None or not mine.side or mine.state != "in":
        return False
    liaison = await liaison_of(at, mine.side)
    return liaison is not None and liaison.person_id == call.me.id


async def forms(at: Firing) -> dict[int, dict[int, str]]:
    """Sub-group → field, from 1 → what was written."""
    found: dict[int, dict[int, str]] = {}
    for one in await handins.of_stage(at.tx, at.stage, "form"):
        side, _, field = one.about.partition(".")
        found.setdefault(int(side), {})[int(field)] = one.body
    return found


async def _fill(call: Call, at: Firing, mine: Signup | None, text: str) -> Reply:
    if mine is None or not mine.side or mine.state != "in":
        raise UserError("discussion.not_in_side")
    liaison = await liaison_of(at, mine.side)
    if liaison is None or liaison.person_id != call.me.id:
        raise UserError("discussion.for_liaison", name=liaison.name if liaison else "")
    given = (await forms(at)).get(mine.side, {})
    field, body = answer_to(
        text,
        len(at.stage.spec.questions),
        set(given),
        most=ANSWER_CHARS,
        which="discussion.which",
        unknown="discussion.unknown",
    )
    if not body:
        return await in_private(call, _one(at, field, given.get(field, "")))
    about = f"{mine.side}.{field}"
    # A form begun by an earlier liaison is carried on, not begun again.
    await handins.hand_over(call.tx, at.stage, "form", about, call.me.id)
    await handins.hand_in(
        call.tx, at.stage, call.house.ids.next(call.now), "form", about, call.me.id, body, call.now
    )
    await note(call, at, "form")
    noted = line("discussion.noted", number=field)
    return await in_private(call, Message((noted, *_next(at, {**given, field: body}))))


def _next(at: Firing, given: dict[int, str]) -> list[Line]:
    field = next_open(len(at.stage.spec.questions), set(given))
    if field is None:
        return [line("discussion.complete")]
    return [line("discussion.next", number=field, text=at.stage.spec.questions[field - 1])]


def _one(at: Firing, field: int, given: str) -> Message:
    lines = [line("preview.question", number=field, text=at.stage.spec.questions[field - 1])]
    lines += [line("discussion.written", text=given)] if given else []
    return Message((*lines, line("discussion.write", number=field)))


async def _shown(call: Call, at: Firing, mine: Signup | None, sides: list[int]) -> Message:
    """One's own sub-group's form; the secretary sees all of them."""
    own = mine.side if mine is not None and mine.state == "in" else 0
    seen = sides if call.role >= Role.SECRETARY else [own] if own else []
    if not seen:
        raise UserError("discussion.not_in_side")
    written = await forms(at)
    lines: list[Line] = []
    for side in seen:
        lines += _form(at, side, written.get(side, {}))
    if await _is_liaison(call, at, mine):
        await note(call, at, "form")
        lines += _next(at, written.get(own, {}))
    return Message(tuple(lines), title=line("discussion.title", stage=at.stage.spec.title))


def _form(at: Firing, side: int, given: dict[int, str]) -> list[Line]:
    lines = [line("discussion.side", side=side)]
    for number, question in enumerate(at.stage.spec.questions, 1):
        lines.append(line("preview.question", number=number, text=question))
        lines.append(
            line("discussion.written", text=given[number]) if number in given else line("discussion.empty")
        )
    return lines


COMMAND = Command("form", form, takes_text=True, overhears=plain_words, topic="activity")
