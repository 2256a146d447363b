"""挑战: questions until one is answered wrong; the week's best of oneself and of the group."""

from __future__ import annotations

from content.words import fold
from domain.errors import UserError
from domain.grading import Verdict
from domain.message import Button, Line, Message, line
from domain.points import shared_ranks
from domain.round import week_begins
from handlers.call import Call, Command, Reply
from handlers.rounds import After, Drawn, begin, reward, shuffle_on, whisper
from storage import rounds
from storage.rounds import Best, Round

NAME = "challenge"
SHOWN = 10
_BOARD = {"榜", "榜单", "排行", "排行榜", "board", "best", "top"}


class Challenge:
    name = NAME

    def heading(self, round: Round) -> Line:
        return line("challenge.heading", number=round.place + 1)

    async def draw(self, call: Call, round: Round) -> Drawn | None:
        return await shuffle_on(call, round, round.started_at)

    async def after(self, call: Call, round: Round, drawn: Drawn, verdict: Verdict) -> After:
        return After(verdict == "right", await reward(call, drawn, verdict))

    async def finish(self, call: Call, round: Round) -> Message:
        bests = await _bests(call)
        lines = [_over(round)]
        if bests:
            lines += [*_mine(bests, call.me.id), _groups(call, bests)]
        again = Button(line("challenge.again"), NAME, only=call.me.id)
        return Message(tuple(lines), buttons=((again,),))


def _over(round: Round) -> Line:
    if not round.right:
        return line("challenge.began")
    return line("challenge.all_right" if round.place == round.right else "challenge.over", count=round.right)


KIND = Challenge()


async def challenge(call: Call) -> Reply:
    word = fold(call.args)
    if word in _BOARD:
        return await _board(call)
    if word and not call.press:
        raise UserError("challenge.unclear")
    if not await rounds.size_of(call.tx, call.group.settings.questions):
        raise UserError("round.no_bank")
    return await begin(call, KIND, bank=call.group.settings.questions)


async def _board(call: Call) -> Reply:
    """The week's first ten where all may see them; elsewhere one's own, in private."""
    bests = await _bests(call)
    title = line("challenge.board", group=call.group.name)
    if not bests:
        return Message((line("challenge.nobody"),), title=title)
    if call.group.settings.ranking != "all":
        return await whisper(call, Message((*_mine(bests, call.me.id), _groups(call, bests)), title=title))
    ranks = shared_ranks([best.right for best in bests])
    lines = [
        line("challenge.place", rank=rank, name=best.name, count=best.right)
        for rank, best in zip(ranks, bests, strict=True)
    ]
    return Message(tuple(lines[:SHOWN]), title=title)


async def _bests(call: Call) -> list[Best]:
    rules = call.group.settings
    return await rounds.bests(
        call.tx, call.group.id, NAME, week_begins(call.today, rules.timezone, rules.day_end)
    )


def _mine(bests: list[Best], me: int) -> tuple[Line, ...]:
    return tuple(line("challenge.mine", count=best.right) for best in bests if best.person_id == me)


def _groups(call: Call, bests: list[Best]) -> Line:
    """A name stands by it where all see the ranking, or it is one's own."""
    most = bests[0].right
    holders = [best for best in bests if best.right == most]
    if any(best.person_id == call.me.id for best in holders):
        return line("challenge.best_mine", count=most)
    if call.group.settings.ranking == "all":
        names = tuple(line("person.name", name=best.name) for best in holders)
        return line("challenge.best_named", count=most, names=names)
    return line("challenge.best", count=most)


COMMAND = Command(NAME, challenge, takes_text=True, topic="study")
