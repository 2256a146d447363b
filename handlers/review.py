"""错题: what one has missed or does not know for sure comes back in private, when it is about to be forgotten."""

from __future__ import annotations

from content.words import fold
from domain.errors import UserError
from domain.grading import Verdict
from domain.message import Button, Line, Message, line, on
from handlers.call import Call, Command, Reply
from handlers.quiz import right_answer
from handlers.rounds import After, Drawn, begin, reward, whisper
from scheduler import review as mornings
from storage import banks, cards, due, rounds
from storage.cards import Mistake
from storage.rounds import Round

NAME = "review"
MOST = 10
"""Questions a round: some five minutes."""
PAGE = 5
_BOOK = {"本", "错题本", "錯題本", "列表", "list", "book"}
_REMIND = {"提醒", "remind"}
_ON = {"开", "開", "on"}
_OFF = {"关", "關", "off"}


class Review:
    name = NAME

    def heading(self, round: Round) -> Line:
        return line("review.heading", number=round.place + 1)

    async def draw(self, call: Call, round: Round) -> Drawn | None:
        """What was answered is due no longer, unless nobody could decide on it."""
        if round.place >= MOST:
            return None
        tried = {one.question for one in await rounds.tries(call.tx, round.group_id, round.id)}
        for waiting in await cards.due(call.tx, call.group.id, call.me.id, call.now, len(tried) + 1):
            question = await banks.question(call.tx, waiting.bank, waiting.question)
            if question is not None and question.key not in tried:
                return Drawn(waiting.bank, question)
        return None

    async def after(self, call: Call, round: Round, drawn: Drawn, verdict: Verdict) -> After:
        return After(points=await reward(call, drawn, verdict))

    async def finish(self, call: Call, round: Round) -> Message:
        lines = [line("review.over", right=round.right, of=round.place)]
        ripe = await cards.ripe(call.tx, call.group.id, call.me.id, call.now)
        if ripe.all:
            lines.append(line("review.more", count=ripe.all))
            return Message(tuple(lines), buttons=((Button(line("review.again"), NAME), _book_button()),))
        return Message((*lines, *await _next(call)), buttons=((_book_button(),),))


KIND = Review()


async def review(call: Call) -> Reply:
    """No words: what is due, one after the other. ``本``: all that was missed. ``提醒 开``: a word in the morning."""
    word, _, rest = fold(call.args.replace("_", " ", 1) if call.press else call.args).partition(" ")
    if not word:
        return await _start(call)
    if word in _BOOK:
        return await _book(call, rest.strip())
    if word in _REMIND:
        return await _remind(call, rest.strip())
    if call.press and word in _OFF:
        return await _remind(call, word)
    raise UserError("review.unclear")


async def _start(call: Call) -> Reply:
    ripe = await cards.ripe(call.tx, call.group.id, call.me.id, call.now)
    if not ripe.all:
        return await _nothing_due(call)
    parts = (("missed", ripe.missed), ("shaky", ripe.shaky))
    kinds = tuple(line(f"review.due_{kind}", count=count) for kind, count in parts if count)
    return await begin(call, KIND, bank="", said=(line("review.due", count=ripe.all, kinds=kinds),))


async def _nothing_due(call: Call) -> Reply:
    coming = await _next(call)
    if not coming:
        return await whisper(call, Message((line("review.nothing_yet"),)))
    return await whisper(call, Message((line("review.nothing_due"), *coming), buttons=((_book_button(),),)))


async def _next(call: Call) -> tuple[Line, ...]:
    at = await cards.next_due(call.tx, call.group.id, call.me.id, call.now)
    return () if at is None else (line("review.next", day=on(call.group.settings.day(at))),)


def _book_button() -> Button:
    return Button(line("review.book"), NAME, "book")


async def _book(call: Call, page_written: str) -> Reply:
    count = await cards.missed(call.tx, call.group.id, call.me.id)
    if not count:
        return await whisper(call, Message((line("review.book_empty"),)))
    pages = -(-count // PAGE)
    page = _page(page_written, pages)
    found = await cards.book(call.tx, call.group.id, call.me.id, PAGE, (page - 1) * PAGE)
    first = (page - 1) * PAGE + 1
    lines = [one for n, mistake in enumerate(found, first) for one in await _entry(call, n, mistake)]
    title = line("review.title", group=call.group.name, count=count)
    return await whisper(call, Message(tuple(lines), title=title, buttons=_turning(page, pages)))


def _page(written: str, pages: int) -> int:
    """Raises UserError for what is no page of the book."""
    if not written:
        return 1
    if not (written.isdecimal() and len(written) < 9 and 1 <= int(written) <= pages):
        raise UserError("review.no_such_page", pages=pages)
    return int(written)


async def _entry(call: Call, number: int, mistake: Mistake) -> tuple[Line, ...]:
    question = await banks.question(call.tx, mistake.bank, mistake.question)
    if question is None:
        return ()
    comes_back = _comes_back(call, mistake.due_at)
    return (
        line("review.stem", number=number, text=question.stem),
        line("review.right", right=right_answer(question), missed=mistake.missed, back=comes_back),
    )


def _comes_back(call: Call, at: int) -> Line:
    if at <= call.now:
        return line("review.back_now")
    return line("review.back", day=on(call.group.settings.day(at)))


def _turning(page: int, pages: int) -> tuple[tuple[Button, ...], ...]:
    turns = []
    if page > 1:
        turns.append(Button(line("review.earlier"), NAME, f"book_{page - 1}"))
    if page < pages:
        turns.append(Button(line("review.later"), NAME, f"book_{page + 1}"))
    start = (Button(line("review.start"), NAME),)
    return (tuple(turns), start) if turns else (start,)


async def _remind(call: Call, word: str) -> Reply:
    key = str(call.me.id)
    if word in _ON:
        await mornings.plan(call.tx, call.group, call.me.id, call.now)
        return await whisper(call, Message((line("review.remind_on"),)))
    if word in _OFF:
        await due.drop(call.tx, call.group.id, mornings.REVIEW, key)
        return await whisper(call, Message((line("review.remind_off"),)))
    is_on = await due.is_planned(call.tx, call.group.id, mornings.REVIEW, key)
    return await whisper(call, Message((line("review.remind_is_on" if is_on else "review.remind_is_off"),)))


COMMAND = Command(NAME, review, takes_text=True, topic="study")
