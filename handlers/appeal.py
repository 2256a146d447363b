"""申诉: an author who sees it otherwise than the reviews asks the secretary; 答复: what she answers. Nobody else hears of either."""

from __future__ import annotations

from domain.errors import UserError
from domain.group import Member, Role
from domain.message import Message, line
from domain.peer import COMMENT_CHARS, split_code
from domain.wording import clean
from handlers.call import Call, Command, Reply, done_mark
from handlers.peer_work import Target, by_code
from scheduler.stages.review_lines import result
from storage import appeals, members, reflections, review_marks
from storage.telling import tell_person


async def appeal(call: Call) -> Reply:
    """申诉 A12 理由, once the reviews are over. Another one takes the place of the first; the same one again troubles nobody."""
    target, words = await _read(call, "appeal.how")
    if target.work.person_id != call.me.id:
        raise UserError("appeal.not_yours", code=target.name)
    if target.at.stage.state in ("planned", "open"):
        raise UserError("appeal.too_early", code=target.name)
    before = await appeals.find(call.tx, call.group.id, target.work.id)
    if before and before.body == words and before.answered_at is None:
        return done_mark(call, line("appeal.made", code=target.name))
    await appeals.make(call.tx, call.group.id, target.work.id, call.me.id, words, call.now)
    asked = line("appeal.asked", name=call.me.name, code=target.name, text=words)
    answer = line("appeal.how_to_answer", code=target.name)
    said = Message((asked, *(await _numbers(call, target)).lines, answer), title=line("appeal.title"))
    for secretary in await _who_decides(call):
        await tell_person(call.tx, call.house.ids, call.now, call.group, secretary, said)
    return done_mark(call, line("appeal.made", code=target.name))


async def _who_decides(call: Call) -> list[Member]:
    """The secretaries; where one of them appeals, the others, as long as there are any."""
    found = await members.secretaries(call.tx, call.group.id)
    return [one for one in found if one.id != call.me.id] or found


async def _numbers(call: Call, target: Target) -> Message:
    rank = await reflections.rank_of(call.tx, call.group.id, target.at.cycle.id)
    for one in await review_marks.marks_of(call.tx, target.at.cycle, target.at.stage.place):
        if one.entry.id == target.work.id:
            found = result(target.spec, rank, one)
            return Message(tuple(said for said in found.lines if said.key != "peer.may_appeal"))
    return Message()


async def respond(call: Call) -> Reply:
    target, words = await _read(call, "appeal.answer_how")
    found = await appeals.find(call.tx, call.group.id, target.work.id)
    if found is None:
        raise UserError("appeal.none", code=target.name)
    if found.answered_at is not None and found.answer == words:
        return done_mark(call, line("appeal.answer_sent", code=target.name))
    await appeals.answer(call.tx, call.group.id, target.work.id, words, call.me.id, call.now)
    author = await members.find(call.tx, call.group.id, target.work.person_id)
    if author:
        said = Message((line("raw", text=words),), title=line("appeal.answered", code=target.name))
        await tell_person(call.tx, call.house.ids, call.now, call.group, author, said)
    return done_mark(call, line("appeal.answer_sent", code=target.name))


async def _read(call: Call, how: str) -> tuple[Target, str]:
    """Raises UserError with the key ``how`` where the number or the words are missing."""
    written, rest = split_code(call.args)
    words = clean(rest)
    if not written or not words:
        raise UserError(how)
    if len(words) > COMMENT_CHARS:
        raise UserError("peer.too_long", most=COMMENT_CHARS, length=len(words))
    return await by_code(call, written), words


COMMANDS = (
    Command("appeal", appeal, takes_text=True, topic="activity"),
    Command("respond", respond, Role.SECRETARY, takes_text=True, topic="activity"),
)
