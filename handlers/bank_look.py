"""看看: what the group's answers say of the questions of a bank, and which of them to look at. Of people it says nothing."""

from __future__ import annotations

from domain.grading import LETTERS
from domain.item_analysis import FEWEST, Judgement, Tally, judge
from domain.message import Line, Message, line
from domain.question import Question
from handlers.shelf import bank_named
from storage import bank_stats, banks
from storage.tx import Tx

SHOWN = 10
STEM_CHARS = 40
_GRAVITY = ("misleads", "tells_little", "hard", "unchosen", "easy")


async def compose_bank_stats(tx: Tx, group_id: int, arg: str, now: int) -> Message | None:
    """``arg``: the bank's id. The group's own answers alone."""
    bank = await bank_named(tx, group_id, arg)
    if bank is None:
        return None
    judged = await judgements(tx, bank.id, group_id)
    told = [one for one in judged if one[1].difficulty is not None]
    looked = sorted(
        (one for one in told if one[1].reasons), key=lambda one: _GRAVITY.index(one[1].reasons[0])
    )
    answered = sum(judgement.answers > 0 for _, judgement in judged)
    lines = [line("bank.stats_sum", count=len(judged), answered=answered, told=len(told), fewest=FEWEST)]
    for question, judgement in looked[:SHOWN]:
        lines += [_question(question, judgement), *reasons(question, judgement)]
    if len(looked) > SHOWN:
        lines.append(line("bank.stats_more", count=len(looked) - SHOWN))
    lines.append(line("bank.stats_how" if looked else "bank.stats_none" if told else "bank.stats_wait"))
    return Message(tuple(lines), title=line("bank.stats_title", title=bank.title))


async def judgements(tx: Tx, bank_id: str, group_id: int = 0) -> list[tuple[Question, Judgement]]:
    """Of each question the bank has now, in order."""
    tallies = await bank_stats.tallies(tx, bank_id, group_id)
    chosen = await bank_stats.chosen(tx, bank_id, group_id)
    return [
        (question, judge(question, tallies.get(question.key, Tally()), chosen.get(question.key, {})))
        for question in await banks.questions(tx, bank_id)
    ]


def _question(question: Question, judgement: Judgement) -> Line:
    stem = question.stem if len(question.stem) <= STEM_CHARS else question.stem[: STEM_CHARS - 1] + "…"
    percent = round(100 * (judgement.difficulty or 0))
    if judgement.discrimination is None:
        return line("bank.stats_question", stem=stem, percent=percent, count=judgement.answers)
    told = f"{judgement.discrimination:.2f}"
    return line("bank.stats_question_told", stem=stem, percent=percent, count=judgement.answers, told=told)


def reasons(question: Question, judgement: Judgement) -> list[Line]:
    """Why somebody should look at it, in words."""
    letters = "".join(LETTERS[place] for place in judgement.unchosen)
    return [
        line("bank.look_unchosen", letters=letters) if reason == "unchosen" else line(f"bank.look_{reason}")
        for reason in judgement.reasons
    ]
