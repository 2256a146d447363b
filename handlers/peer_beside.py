"""Marks that stand beside the reviews: 自评, the author's own; 书记评, the secretary's; and 不互评, who does not review whom."""

from __future__ import annotations

from dataclasses import replace

from domain.errors import UserError
from domain.group import Member, Role
from domain.ids import brief
from domain.message import Message, line
from domain.peer import COMMENT_CHARS, read_scores, split_code
from domain.wording import clean
from handlers import evaluation
from handlers.call import Call, Command, Reply, done_mark
from handlers.peer_work import Target, by_code, by_id, check_begun, check_open, criteria
from handlers.people import person_meant
from scheduler.stages.review_lines import scored
from storage import cycles, exclusions, members, reviews
from storage.telling import tell_person


async def assess(call: Call) -> Reply:
    """自评 5 4 5: of one's own reflection, while it is reviewed; of an activity without reviews as it is evaluated."""
    target = await _own(call)
    if target is None:
        return await evaluation.assess_self(call)
    check_open(call, target)
    scores, words = read_scores(call.args, target.spec.rubric)
    if not scores:
        raise UserError("peer.assess_how", criteria=criteria(target.spec), most=target.spec.rubric.most)
    comment = _tidy(words)
    await reviews.write(
        call.tx,
        target.at.cycle,
        target.work.id,
        call.me.id,
        "self",
        scores=scores,
        comment=comment,
        done=True,
        now=call.now,
    )
    return done_mark(call, line("peer.assessed", code=target.name, scores=scored(target.spec.rubric, scores)))


async def _own(call: Call) -> Target | None:
    """One's own reflection in the review that is open; None where none is."""
    found = await cycles.open_stage(call.tx, call.group.id, "review")
    if found is None:
        return None
    for one in await reviews.entries(call.tx, found[0], found[1].place):
        if one.author == call.me.id:
            return await by_id(call, brief(one.id))
    raise UserError("peer.assess_nothing")


def _tidy(words: str) -> str:
    comment = clean(words)
    if len(comment) > COMMENT_CHARS:
        raise UserError("peer.too_long", most=COMMENT_CHARS, length=len(comment))
    return comment


async def mark(call: Call) -> Reply:
    """书记评 A12 5 4 5 理由: beside what the reviews come to, never in it; the author hears it with the reason."""
    written, rest = split_code(call.args)
    if not written:
        raise UserError("peer.mark_how")
    target = await by_code(call, written)
    check_begun(call, target)
    if target.work.person_id == call.me.id:
        raise UserError("peer.own_work", code=target.name)
    scores, words = read_scores(rest, target.spec.rubric)
    reason = _tidy(words)
    if not scores or not reason:
        raise UserError("peer.mark_how")
    await reviews.set_by_secretary(
        call.tx, target.at.cycle, target.work.id, call.me.id, scores, reason, call.now
    )
    author = await members.find(call.tx, call.group.id, target.work.person_id)
    if author and target.at.stage.state == "closed":
        marked = line("peer.secretary", scores=scored(target.spec.rubric, scores), reason=reason)
        said = Message((marked,), title=line("peer.work", code=target.name))
        await tell_person(call.tx, call.house.ids, call.now, call.group, author, said)
    return done_mark(call, line("peer.marked", code=target.name))


async def apart(call: Call) -> Reply:
    """不互评 @张三 @李四; said once more, it is taken back."""
    one, other = await _two(call)
    if not await exclusions.add(call.tx, call.group.id, one.id, other.id, call.me.id):
        await exclusions.remove(call.tx, call.group.id, one.id, other.id)
        return done_mark(call, line("peer.together_again", one=one.name, other=other.name))
    await reviews.repair_soon(call.tx, call.group.id, call.now)
    return done_mark(call, line("peer.apart", one=one.name, other=other.name))


async def _two(call: Call) -> tuple[Member, Member]:
    people = [await _person(call, part) for part in _parts(call)]
    if len({one.id for one in people}) != 2:
        raise UserError("peer.apart_how")
    return people[0], people[1]


def _parts(call: Call) -> list[Call]:
    """The call once for each person in it, as `person_meant` reads one."""
    named = call.incoming.mentions
    if len(named) == 2:
        ones = [call.incoming.model_copy(update={"mentions": (one,)}) for one in named]
        return [replace(call, incoming=one) for one in ones]
    bare = call.incoming.model_copy(update={"mentions": (), "reply_to_sender": None})
    words = call.args.replace("@", " @").replace("＠", " @").split()
    return [replace(call, incoming=bare, args=word) for word in words[:3]]


async def _person(call: Call, part: Call) -> Member:
    found = await person_meant(part, "apart")
    if isinstance(found, Message):
        raise UserError("peer.apart_how")
    return found


COMMANDS = (
    Command("assess", assess, takes_text=True, topic="activity"),
    Command("mark", mark, Role.SECRETARY, takes_text=True, topic="activity"),
    Command("apart", apart, Role.SECRETARY, takes_text=True, topic="activity"),
)
