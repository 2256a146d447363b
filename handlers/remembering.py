"""Every question that was answered passes here, wherever it was asked, and comes back when it is about to be forgotten."""

from __future__ import annotations

from domain.grading import Verdict
from domain.memory import Judged, rate
from handlers.call import Call
from handlers.game import answered_right
from scheduler import rhythm
from storage import cards


async def remember(call: Call, person_id: int, bank: str, question: str, verdict: Verdict) -> None:
    """``question`` is its key in the bank. A doubtful answer is remembered once it is decided.

    Most questions are new to who answers them, and cost one statement.
    """
    if verdict == "doubtful":
        return
    if not await _keep(call, person_id, bank, question, verdict, None):
        known = await cards.card(call.tx, call.group.id, person_id, bank, question)
        await _keep(call, person_id, bank, question, verdict, known)
    if verdict == "right":
        await answered_right(call, person_id)


async def _keep(
    call: Call, person_id: int, bank: str, question: str, verdict: Judged, known: str | None
) -> bool:
    memory = rate(known, verdict, call.today)
    return await cards.remember(
        call.tx,
        group_id=call.group.id,
        person_id=person_id,
        bank=bank,
        question=question,
        missed=verdict == "wrong",
        card=memory.card,
        stability=memory.stability,
        due_at=rhythm.begins(call.group.settings, memory.due),
        now=call.now,
        only_first=known is None,
    )
