"""更正: the secretary adds or takes away points, with a reason; the ledger keeps both what was and what corrects it."""

from __future__ import annotations

import re

from domain.errors import UserError
from domain.group import Member, Role
from domain.ids import brief
from domain.message import Message, Param, line
from domain.wording import clean
from handlers.call import Call, Command, Reply, done_mark
from handlers.people import person_meant
from storage import ledger
from storage.telling import tell_person

MOST = 1000
"""Points in one correction: beyond it is a slip of the finger."""
REASON_CHARS = 100
# The sign is asked for: in 「更正 @李四 3 次迟到」 nobody meant three points more.
_CORRECTION = re.compile(
    r"(?P<sign>[+＋]|[-－−—])\s*(?P<count>\d+)\s*分?(?![\d.．%％])[\s,，:：]*(?P<reason>.*)", re.DOTALL
)


async def correct(call: Call) -> Reply:
    """``更正 @李四 -10 重复打卡``; the name may also be written, or a message of theirs answered."""
    if not call.group.settings.points:
        raise UserError("points.off")
    points, reason = read_correction(after_name(call))
    person = await person_meant(call, "correct")
    if isinstance(person, Message):
        raise UserError("points.several")
    await ledger.correct(
        call.tx,
        call.house.ids,
        group_id=call.group.id,
        person_id=person.id,
        cause=brief(call.house.ids.next(call.now)),
        day=call.today,
        points=points,
        now=call.now,
        by=call.me.id,
        reason=reason,
    )
    return await _say(call, person, points, reason)


def read_correction(text: str) -> tuple[int, str]:
    """Points, below 0 where they are taken, and the reason. Raises UserError with how to write it."""
    found = _CORRECTION.fullmatch(text)
    if not found:
        raise UserError("points.how_to_correct")
    digits, reason = found["count"], " ".join(clean(found["reason"]).split())
    count = int(digits) if len(digits) <= len(str(MOST)) else MOST + 1
    if count > MOST:
        raise UserError("points.too_many", most=MOST)
    if not count or not reason:
        raise UserError("points.how_to_correct")
    if len(reason) > REASON_CHARS:
        raise UserError("points.reason_too_long", most=REASON_CHARS, length=len(reason))
    return count if found["sign"] in "+＋" else -count, reason


def after_name(call: Call) -> str:
    """What follows the name. Where a message was answered instead there is none."""
    for mention in call.incoming.mentions:
        for written in (f"@{mention.name}", mention.name):
            if call.args.startswith(written):
                return call.args.removeprefix(written).strip()
    if call.incoming.reply_to_sender and not call.incoming.mentions:
        return call.args
    return "".join(call.args.split(maxsplit=1)[1:])


async def _say(call: Call, person: Member, points: int, reason: str) -> Reply:
    """To the secretary, and quietly to whom it is about: nobody's points change behind their back."""
    now_has = await ledger.own(call.tx, call.group.id, "all", person.id)
    told: dict[str, Param] = {
        "points": f"{points:+d}",
        "reason": reason,
        "total": now_has.points if now_has else 0,
    }
    if person.id != call.me.id:
        about = Message((line("points.yours_corrected", group=call.group.name, **told),))
        later = call.group.settings.after_quiet(call.now)
        await tell_person(call.tx, call.house.ids, call.now, call.group, person, about, not_before=later)
    return done_mark(call, line("points.corrected", name=person.name, **told))


COMMAND = Command("correct", correct, Role.SECRETARY, takes_text=True, needs="points", topic="points")
