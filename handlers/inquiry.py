"""提问: a member's own question; +1: adding one's voice to another's; 合并: the secretary joins those that ask the same."""

from __future__ import annotations

import re
import unicodedata

from domain.agenda import QUESTION_CHARS, Inquiry, like, meant, says_something
from domain.errors import UserError
from domain.group import Role
from domain.ids import from_brief
from domain.message import line
from domain.wording import clean
from handlers.call import Call, Command, Reply, done_mark
from handlers.private import is_talk
from handlers.stage_board import ASKED_IN
from handlers.stages import refresh, stage_meant
from scheduler.stages.kind import Firing
from storage import cycles, inquiries

_NUMBERS = re.compile(r"[0-9]{1,6}")
_NUMBER = re.compile(r"(?:第|#|no\.?)?\s*([0-9]{1,6})\s*(?:题|条|号|个)?\Z")


async def ask(call: Call) -> Reply:
    at = await stage_meant(call, "inquiry.none_open", *ASKED_IN)
    if at is None:
        return None
    if call.press:
        return line("inquiry.how", most=at.stage.spec.own_questions)
    asked = await inquiries.of_stage(call.tx, at.stage)
    body = _checked(call, at, asked)
    number = await inquiries.add(call.tx, at.stage, call.house.ids.next(call.now), call.me.id, body, call.now)
    await refresh(call, at)
    left = at.stage.spec.own_questions - sum(one.person_id == call.me.id for one in asked) - 1
    return done_mark(call, line("inquiry.noted", number=number, left=left))


def _checked(call: Call, at: Firing, asked: list[Inquiry]) -> str:
    """What is asked, on one line. Raises UserError where it is no question, too long, one too many, or asked already."""
    most = at.stage.spec.own_questions
    body = " ".join(clean(call.args).split())
    if not most:
        raise UserError("inquiry.not_collected", stage=at.stage.spec.title)
    if not body:
        raise UserError("inquiry.how", most=most)
    if not says_something(body):
        raise UserError("inquiry.nothing")
    if len(body) > QUESTION_CHARS:
        raise UserError("inquiry.too_long", most=QUESTION_CHARS, length=len(body))
    if same := like(asked, body):
        raise UserError("inquiry.same", number=same.number, text=same.body)
    if sum(one.person_id == call.me.id for one in asked) >= most:
        raise UserError("inquiry.enough", most=most)
    return body


async def voice(call: Call) -> Reply:
    """Adds it, or takes it back where it was added before."""
    found = await _pressed(call) if call.press else await _written(call)
    if found is None:
        return None
    at, one = found
    if one.person_id == call.me.id:
        raise UserError("inquiry.own")
    raised = await inquiries.raise_voice(call.tx, call.group.id, one.id, call.me.id)
    if not raised:
        await inquiries.take_back_voice(call.tx, call.group.id, one.id, call.me.id)
    await refresh(call, at)
    people = len((one.voices | {call.me.id}) if raised else (one.voices - {call.me.id})) + 1
    key = "inquiry.voiced" if raised else "inquiry.taken_back"
    return done_mark(call, line(key, number=one.number, people=people))


async def _pressed(call: Call) -> tuple[Firing, Inquiry]:
    """Raises UserError where the question's stage is over, or the question gone."""
    where = await inquiries.find(call.tx, call.group.id, from_brief(call.args))
    found = await cycles.stage(call.tx, call.group.id, *where[:2]) if where else None
    if where is None or found is None:
        raise UserError("button.old")
    at = call.firing(*found)
    if at.stage.state != "open":
        raise UserError("seminar.over", stage=at.stage.spec.title)
    return at, await _numbered(call, at, where[2])


async def _written(call: Call) -> tuple[Firing, Inquiry] | None:
    """「+1 3」; anything else after a +1 among people is talk."""
    number = _NUMBER.match(unicodedata.normalize("NFKC", call.args).strip().casefold())
    if number is None and is_talk(call):
        return None
    at = await stage_meant(call, "inquiry.none_open", *ASKED_IN)
    if at is None:
        return None
    if number is None:
        raise UserError("inquiry.which")
    return at, await _numbered(call, at, int(number[1]))


async def _numbered(call: Call, at: Firing, number: int) -> Inquiry:
    found = meant(await inquiries.of_stage(call.tx, at.stage), number)
    if found is None:
        raise UserError("inquiry.unknown", number=number)
    return found


async def merge(call: Call) -> Reply:
    """合并 3 5 7: the first stays."""
    at = await stage_meant(call, "inquiry.none_open", *ASKED_IN)
    if at is None:
        return None
    numbers = [int(one) for one in _NUMBERS.findall(unicodedata.normalize("NFKC", call.args))]
    if len(numbers) < 2:
        raise UserError("inquiry.merge_how")
    found = list(dict.fromkeys([await _numbered(call, at, number) for number in numbers]))
    if len(found) < 2:
        raise UserError("inquiry.merged_already")
    await inquiries.merge(call.tx, call.group.id, found[0], found[1:])
    await refresh(call, at)
    merged = await _numbered(call, at, found[0].number)
    others = tuple(line("inquiry.number", number=one.number) for one in found[1:])
    return done_mark(call, line("inquiry.merged", number=merged.number, others=others, people=merged.people))


COMMANDS = (
    Command("ask", ask, takes_text=True, topic="activity"),
    Command("voice", voice, takes_text=True, topic="activity"),
    Command("merge", merge, Role.SECRETARY, takes_text=True, topic="activity"),
)
