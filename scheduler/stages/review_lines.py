"""What an author is told of the reviews of a work, and a secretary of those who mark unlike the others."""

from __future__ import annotations

from domain.marks import Odd, Scores, shown
from domain.message import Line, Message, line
from domain.reflection import code
from domain.template import Rubric, StageSpec
from storage.review_marks import Marked
from storage.reviews import Review


def result(spec: StageSpec, rank: int, one: Marked) -> Message:
    """Everything that was said of one work. Names stand there only where reviewing is open."""
    name = code(rank, one.entry.number)
    lines = [*_numbers(spec.rubric, one), *_beside(spec.rubric, one)]
    lines += [_comment(spec, review) for review in one.reviews]
    lines += [line("peer.bonus", said=_comment(spec, review)) for review in one.invited]
    if one.reviews or one.invited or one.secretary:
        lines.append(line("peer.may_appeal", code=name))
    return Message(tuple(lines), title=line("peer.result", code=name))


def _numbers(rubric: Rubric, one: Marked) -> list[Line]:
    found = one.summary
    if found is None:
        return [line("peer.no_reviews")]
    criteria = tuple(
        line("peer.criterion", name=name, median=shown(median), mean=shown(mean))
        for name, median, mean in zip(rubric.criteria, found.medians, found.means, strict=True)
    )
    return [
        line("peer.criteria", criteria=criteria),
        line(
            "peer.overall",
            median=shown(found.median),
            mean=shown(found.mean),
            count=found.count,
            spread=shown(found.spread),
        ),
    ]


def _beside(rubric: Rubric, one: Marked) -> list[Line]:
    found = []
    if one.own:
        found.append(line("peer.own", scores=scored(rubric, one.own)))
    if one.secretary:
        found.append(line("peer.secretary", scores=scored(rubric, one.secretary), reason=one.reason))
    return found


def scored(rubric: Rubric, scores: Scores) -> tuple[Line, ...]:
    """内容 5、体会 4、行动 5."""
    return tuple(
        line("peer.scored", name=name, score=score)
        for name, score in zip(rubric.criteria, scores, strict=False)
        if score
    )


def _comment(spec: StageSpec, review: Review) -> Line:
    scores = scored(spec.rubric, review.scores)
    if not review.comment:
        return line("peer.scores_only", scores=scores)
    if spec.blind or not review.name:
        return line("peer.said", scores=scores, text=review.comment)
    return line("peer.said_by", name=review.name, scores=scores, text=review.comment)


def odd_line(name: str, one: Odd) -> Line:
    return line("peer.odd", name=name, reviews=one.reviews, apart=shown(one.apart))


def why(one: Marked) -> Line:
    """Why a work stands where it stands in the list."""
    if one.summary is None:
        return line("peer.why_none")
    return line(
        "peer.why",
        mean=shown(one.summary.mean),
        median=shown(one.summary.median),
        count=one.summary.count,
        spread=shown(one.summary.spread),
        invited=len(one.invited),
    )
