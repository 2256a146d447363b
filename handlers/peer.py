"""评: read what one was given to review, and say what one thinks of it: a mark for each criterion, and why.

In one line (评 A12 5 4 5 理由…), or by buttons, criterion by criterion, and then a word. In the group it works as well; the marks
are shown to nobody there.
"""

from __future__ import annotations

from domain.day import MINUTE
from domain.errors import UserError
from domain.ids import brief
from domain.marks import Scores
from domain.message import Line, Message, line
from domain.peer import COMMENT_CHARS, read_scores, split_code
from domain.reflection import count_chars
from domain.wording import clean
from handlers.call import Call, Command, Heard, Reply, done_mark
from handlers.peer_inviting import invite_named
from handlers.peer_show import ask_criterion, mine, next_to_read, show
from handlers.peer_work import Target, by_code, by_id, check_may_review, criteria, refresh
from handlers.private import in_private, is_talk
from handlers.stages import pressed_number
from scheduler.stages.review_lines import scored
from storage import cycles, reviews
from storage.reviews import Review

_AT = ("@", "＠")
LISTENS_FOR = 30 * MINUTE
"""So long after the marks what somebody writes is about them; later they may have turned to something else."""


async def peer(call: Call) -> Reply:
    if call.press:
        return await _pressed(call)
    written, rest = split_code(call.args)
    if not call.args.strip():
        return await in_private(call, await mine(call))
    if not written:
        if is_talk(call):
            return None
        raise UserError("peer.which")
    target = await by_code(call, written)
    if rest.startswith(_AT):
        return await invite_named(call, target, rest)
    return await _rate(call, target, rest) if rest else await in_private(call, await show(call, target))


async def _pressed(call: Call) -> Reply:
    what, _, rest = call.args.partition("_")
    if what == "m":
        return await in_private(call, await mine(call))
    if what == "r":
        return await in_private(call, await show(call, await by_id(call, rest)))
    id, place, score, *_ = (*rest.split("_"), "", "")
    return await _score(call, await by_id(call, id), pressed_number(place), pressed_number(score))


async def _score(call: Call, target: Target, place: int, score: int) -> Reply:
    """One mark by its button; then the next criterion, and at last the words."""
    await check_may_review(call, target)
    spec = target.spec
    if place >= len(spec.rubric.criteria) or not 1 <= score <= spec.rubric.most:
        raise UserError("button.old")
    before = await reviews.by(call.tx, call.group.id, target.work.id, call.me.id)
    so_far = [*(before.scores if before else ()), *[0] * len(spec.rubric.criteria)][
        : len(spec.rubric.criteria)
    ]
    so_far[place] = score
    done = 0 not in so_far and _lacking(spec.comment_chars, before.comment if before else "") <= 0
    await _keep(call, target, before, tuple(so_far), before.comment if before else "", done=done)
    if 0 in so_far:
        return ask_criterion(target, tuple(so_far))
    if done:
        return _noted(target, before)
    return Message(
        (
            line("peer.scores_noted", code=target.name, scores=scored(spec.rubric, tuple(so_far))),
            line("peer.now_words", code=target.name, chars=spec.comment_chars),
        )
    )


def _lacking(wanted: int, comment: str) -> int:
    return wanted - count_chars(comment)


async def _rate(call: Call, target: Target, text: str) -> Reply:
    """Marks and words, or either: what was given before stays, so that each may be added or changed alone."""
    await check_may_review(call, target)
    scores, words = read_scores(text, target.spec.rubric)
    return await _put(call, target, scores, words)


async def _put(call: Call, target: Target, scores: Scores, words: str) -> Reply:
    least, comment = target.spec.comment_chars, _tidy(words)
    missing = _lacking(least, comment)
    before = await reviews.by(call.tx, call.group.id, target.work.id, call.me.id)
    if comment and missing > 0 and before and before.state == "done":
        raise UserError("peer.too_short_kept", code=target.name, missing=missing, chars=least)
    scores = scores or (before.scores if before else ())
    kept = before.comment if before and missing > 0 else comment
    full = len(scores) == len(target.spec.rubric.criteria) and 0 not in scores
    done = full and _lacking(least, kept) <= 0
    await _keep(call, target, before, scores, kept, done=done)
    if done:
        return await _thanked(call, target, _noted(target, before))
    if not full:
        asked = criteria(target.spec)
        return line("peer.scores_missing", code=target.name, criteria=asked, most=target.spec.rubric.most)
    return line("peer.too_short", code=target.name, missing=missing, chars=least)


async def _thanked(call: Call, target: Target, noted: Line) -> Reply:
    """In private with what is still to be read, if anything is."""
    if call.incoming.is_group:
        return done_mark(call, noted)
    return Message((noted,), buttons=await next_to_read(call, target.at))


def _tidy(words: str) -> str:
    comment = clean(words)
    if count_chars(comment) > COMMENT_CHARS:
        raise UserError("peer.too_long", most=COMMENT_CHARS, length=count_chars(comment))
    return comment


async def _keep(
    call: Call, target: Target, before: Review | None, scores: Scores, comment: str, *, done: bool
) -> None:
    await reviews.write(
        call.tx,
        target.at.cycle,
        target.work.id,
        call.me.id,
        before.kind if before else "invited",
        scores=scores,
        comment=comment,
        done=done,
        now=call.now,
    )
    if done and (before is None or before.state != "done"):
        await refresh(call, target.at)


def _noted(target: Target, before: Review | None) -> Line:
    if before and before.state == "done":
        return line("peer.revised", code=target.name)
    if before and before.kind == "allotted":
        return line("peer.noted", code=target.name)
    return line("peer.noted_bonus", code=target.name)


async def words_after_marks(call: Call) -> Heard | None:
    """What somebody writes in private after the marks were given by buttons is why they gave them."""
    if call.incoming.is_group or call.known_me is None or call.incoming.attachments:
        return None
    found = await cycles.open_stage(call.tx, call.group.id, "review")
    if found is None or not call.args.strip():
        return None
    begun = [
        one
        for one in await reviews.of_stage(call.tx, found[0], found[1].place)
        if one.person_id == call.me.id and one.state == "asked" and one.scores and 0 not in one.scores
    ]
    latest = max(begun, key=lambda one: one.done_at or 0, default=None)
    if latest is None or call.now - (latest.done_at or 0) > LISTENS_FOR:
        return None
    target = await by_id(call, brief(latest.reflection_id))
    await check_may_review(call, target)
    return Heard(await _put(call, target, (), call.args))


COMMAND = Command("peer", peer, takes_text=True, overhears=words_after_marks, topic="activity")
