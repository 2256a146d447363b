"""竞赛: what people say to a contest — look, take part, answer; and for the secretary: make one, accept one, call it off.

What is shown of it stands in handlers/contest_board.py, how it is made in handlers/contest_making.py, and how it is played here.
"""

from __future__ import annotations

from itertools import islice

from content.words import fold
from domain.contest import Side, smallest
from domain.day import local, show_clock
from domain.errors import UserError
from domain.grading import Verdict
from domain.group import Role
from domain.ids import brief, from_brief
from domain.message import Line, Message, line
from domain.round import shuffled
from handlers import contest_making
from handlers.call import Call, Command, Reply, done_mark
from handlers.contest_board import compose_contest
from handlers.rounds import After, Drawn, begin
from scheduler.contest import ROUND, show_boards, side_line
from storage import contests, rounds
from storage.contests import Contest, Player
from storage.rounds import Round

_WORDS = {
    "new": {"新", "新建", "办", "new"},
    "accept": {"应战", "應戰", "accept"},
    "invite": {"邀请", "邀請", "邀请码", "invite"},
    "cancel": {"取消", "cancel"},
    "join": {"参加", "參加", "加入", "join"},
    "play": {"开始", "開始", "答题", "答題", "play", "start"},
}
_USUAL = {
    1: {"红", "红队", "紅", "紅隊", "red"},
    2: {"蓝", "蓝队", "藍", "藍隊", "blue"},
    3: {"黄", "黄队", "黃", "黃隊", "yellow"},
}
"""What people call the teams that were given no names of their own."""


class Played:
    """A player's part: everybody is asked the same questions in the same order, and goes on where they left off."""

    name = ROUND

    def heading(self, round: Round) -> Line:
        return line("contest.heading", number=round.place + 1)

    async def draw(self, call: Call, round: Round) -> Drawn | None:
        contest = await contests.find(call.tx, round.group_id, from_brief(round.about))
        if contest is None or not _is_on(call, contest) or round.place >= contest.questions:
            return None
        order = shuffled(contest.starts_at, await rounds.size_of(call.tx, contest.bank))
        at = next(islice(order, round.place, None), None)
        question = None if at is None else await rounds.nth(call.tx, contest.bank, at)
        return Drawn(contest.bank, question) if question else None

    async def after(self, call: Call, round: Round, drawn: Drawn, verdict: Verdict) -> After:
        contest = _running(call, await contests.find(call.tx, round.group_id, from_brief(round.about)))
        await contests.count(call.tx, contest, call.me.id, verdict == "right", call.now)
        await show_boards(call.tx, call.house.ids, contest.id, call.now)
        return After()

    async def finish(self, call: Call, round: Round) -> Message:
        contest = await contests.find(call.tx, round.group_id, from_brief(round.about))
        player = await contests.player(call.tx, contest.host, contest.id, call.me.id) if contest else None
        if contest is None or player is None:
            return Message((line("contest.finished_plain"),))
        told = _finished if _is_on(call, contest) else _stopped
        return Message((told(call, contest, player),))


KIND = Played()


async def contest(call: Call) -> Reply:
    if call.press:
        return await _pressed(call)
    word, _, rest = call.args.partition(" ")
    match next((name for name, words in _WORDS.items() if fold(word) in words), "" if not word else "?"):
        case "new":
            return await contest_making.new(call, rest)
        case "accept":
            return await contest_making.accept(call, rest)
        case "invite":
            return await contest_making.invite(call, await _current(call))
        case "cancel":
            return await contest_making.cancel(call, await _current(call))
        case "join":
            return await _join(call, await _current(call), rest.strip())
        case "play":
            return await _play(call, await _current(call))
        case "":
            return await _look(call)
    raise UserError("contest.unclear_command")


async def _pressed(call: Call) -> Reply:
    what, _, rest = call.args.partition("_")
    if what == "n":
        return await contest_making.step(call, rest)
    id, _, side = rest.partition("_")
    found = await contests.find(call.tx, call.group.id, from_brief(id))
    if found is None:
        raise UserError("contest.none")
    return await _play(call, found) if what == "p" else await _join(call, found, side)


async def _current(call: Call) -> Contest:
    found = await contests.current(call.tx, call.group.id)
    if found is None:
        raise UserError("contest.none")
    return found


async def _look(call: Call) -> Reply:
    found = await contests.current(call.tx, call.group.id)
    if found is not None:
        return await compose_contest(call.tx, call.group.id, brief(found.id), call.now)
    if call.role >= Role.SECRETARY:
        return await contest_making.step(call, "")
    raise UserError("contest.none")


async def _join(call: Call, contest: Contest, wanted: str) -> Reply:
    if contest.state not in ("open", "running") or call.now >= contest.ends_at:
        raise UserError("contest.too_late")
    side = await _enlist(call, contest, wanted)
    await show_boards(call.tx, call.house.ids, contest.id, call.now)
    told = line(
        "contest.joined", name=side_line(side.name, side.number), time=_clock(call, contest.starts_at)
    )
    return done_mark(call, told)


async def _enlist(call: Call, contest: Contest, wanted: str) -> Side:
    """Put them on a side: their group's, the one they named, else the smallest. Raises UserError where they are on one."""
    sides = await contests.sides(call.tx, contest.host, contest.id)
    own = [side for side in sides if side.of_group == call.group.id]
    side = own[0] if own else _named(sides, wanted) if wanted else smallest(sides)
    if not await contests.join(call.tx, contest.host, contest.id, call.me.id, side.number):
        before = await contests.player(call.tx, contest.host, contest.id, call.me.id)
        on = next(one for one in sides if before and one.number == before.side)
        raise UserError("contest.joined_already", name=side_line(on.name, on.number))
    return side


def _named(sides: list[Side], wanted: str) -> Side:
    """By its number, as on a button, or by its name."""
    for side in sides:
        called = {fold(side.name)} if side.name else _USUAL[side.number]
        if wanted == str(side.number) or fold(wanted) in called:
            return side
    names = tuple(side_line(side.name, side.number) for side in sides)
    raise UserError("contest.no_such_team", teams=names)


async def _play(call: Call, contest: Contest) -> Reply:
    contest = _running(call, contest)
    player = await contests.player(call.tx, contest.host, contest.id, call.me.id)
    if player is None:
        await _enlist(call, contest, "")
    elif player.place >= contest.questions:
        raise UserError("contest.finished_already", right=player.right, of=contest.questions)
    place = player.place if player else 0
    return await begin(call, KIND, bank=contest.bank, about=brief(contest.id), place=place)


def _is_on(call: Call, contest: Contest) -> bool:
    return contest.state == "running" and call.now < contest.ends_at


def _running(call: Call, contest: Contest | None) -> Contest:
    if contest is not None and contest.state == "open" and call.now < contest.ends_at:
        raise UserError("contest.not_yet", time=_clock(call, contest.starts_at))
    if contest is None or not _is_on(call, contest):
        raise UserError("contest.too_late")
    return contest


def _finished(call: Call, contest: Contest, player: Player) -> Line:
    ends = _clock(call, contest.ends_at)
    return line("contest.finished", right=player.right, of=contest.questions, time=ends)


def _stopped(call: Call, contest: Contest, player: Player) -> Line:
    """The time was up, or it was called off, before they were through."""
    why = "contest.stopped_cancelled" if contest.state == "cancelled" else "contest.stopped"
    return line(why, right=player.right, of=player.place)


def _clock(call: Call, at: int) -> str:
    wall = local(at, call.group.settings.timezone)
    return show_clock(wall.hour * 60 + wall.minute)


_OF_SECRETARY = frozenset({"n"}.union(*(_WORDS[name] for name in ("new", "accept", "invite", "cancel"))))
COMMAND = Command("contest", contest, takes_text=True, for_secretary=_OF_SECRETARY, topic="study")
