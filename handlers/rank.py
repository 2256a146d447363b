"""排行: who has the most points, with shared ranks, and where oneself stands; or only the latter, told in private."""

from __future__ import annotations

from content.words import fold
from domain.errors import UserError
from domain.message import Button, Line, Message, line
from domain.points import SPANS, Span, period
from handlers.call import Call, Command, Reply
from handlers.private import in_private
from storage import ledger

SHOWN = 10
USUAL: Span = "month"
_WORDS: dict[Span, set[str]] = {
    "week": {"周", "本周", "这周", "週", "本週", "這週", "week"},
    "month": {"月", "本月", "这个月", "這個月", "month"},
    "all": {"总", "总榜", "全部", "總", "總榜", "all"},
}


async def rank(call: Call) -> Reply:
    rules = call.group.settings
    if not rules.points:
        raise UserError("points.off")
    if rules.ranking == "off":
        raise UserError("rank.off")
    span = _span(call.args)
    if rules.ranking == "own":
        return await in_private(call, _board(call, span, (await _mine(call, span),)))
    best = await ledger.top(call.tx, call.group.id, period(span, call.today), SHOWN)
    lines = [line("rank.place", rank=p.rank, name=p.name, points=p.points) for p in best]
    return _board(call, span, (*(lines or [line("rank.nobody")]), await _mine(call, span)))


def _span(written: str) -> Span:
    word = fold(written)
    for span in SPANS:
        if word in _WORDS[span]:
            return span
    if word:
        raise UserError("rank.unclear")
    return USUAL


async def _mine(call: Call, span: Span) -> Line:
    mine = await ledger.own(call.tx, call.group.id, period(span, call.today), call.me.id)
    if mine is None or mine.points <= 0:
        return line("rank.none_yet", name=call.me.name, points=mine.points if mine else 0)
    return line("rank.mine", name=call.me.name, rank=mine.rank, points=mine.points)


def _board(call: Call, span: Span, lines: tuple[Line, ...]) -> Message:
    others = tuple(Button(line(f"rank.{other}"), "rank", other) for other in SPANS if other != span)
    return Message(
        lines, title=line("rank.title", group=call.group.name, span=line(f"rank.{span}")), buttons=(others,)
    )


COMMAND = Command("rank", rank, takes_text=True, needs="points", topic="points")
