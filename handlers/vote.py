"""投: one vote a member for the work they like best, never for their own; until the stage closes it may be given to another."""

from __future__ import annotations

from domain.errors import UserError
from domain.message import line
from domain.works import Work, read_number, voting_from
from handlers.call import Call, Command, Reply, done_mark
from handlers.private import is_talk
from handlers.stages import refresh
from handlers.works import find_work, is_voting, works_meant
from scheduler.moments import moment
from scheduler.stages.exhibition import ballot
from scheduler.stages.kind import Firing
from storage import votes, works


async def vote(call: Call) -> Reply:
    said = call.args.rpartition("_")[2] if call.press else call.args
    number = read_number(said)
    if number is None and said.strip() and is_talk(call):
        return None
    at = await works_meant(call, "vote.none_open")
    if at is None:
        return None
    if not await is_voting(at):
        raise UserError("vote.not_yet", when=moment(at.group, voting_from(at.stage)))
    if number is None:
        return await _ballot(at, said)
    one = await _meant(call, at, number)
    before = (await votes.of_stage(call.tx, at.stage)).get(call.me.id)
    if before == one.id:
        return line("vote.already", number=number)
    await votes.cast(call.tx, at.stage, call.me.id, one.id)
    await refresh(call, at)
    key = "vote.noted" if before is None else "vote.changed"
    return done_mark(call, line(key, number=number, title=one.title))


async def _ballot(at: Firing, said: str) -> Reply:
    if said.strip():
        raise UserError("vote.how_to")
    shown = await works.of_stage(at.tx, at.stage)
    if len(shown) < 2:
        raise UserError("vote.nothing_to_choose")
    return ballot(at, shown)


async def _meant(call: Call, at: Firing, number: int) -> Work:
    """Raises UserError for an unknown number, and for one's own."""
    one = await find_work(call, at, number)
    if one.person_id == call.me.id:
        raise UserError("vote.own")
    return one


COMMAND = Command("vote", vote, takes_text=True, topic="activity")
