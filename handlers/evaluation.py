"""测评: the secretary's marks for a member at an activity's end; 总评: her words about all of it; and a member's marks for themselves.

Marks for people are given and shown in private alone.
"""

from __future__ import annotations

from domain.composite import share
from domain.cycle_report import Deed
from domain.errors import UserError
from domain.group import Role
from domain.ids import brief
from domain.message import File, Line, Message, line
from domain.peer import read_scores
from domain.wording import clean
from handlers.audit import looked
from handlers.call import Call, Command, Reply, Where
from handlers.people import person_meant, without_name
from handlers.stages import stage_meant
from scheduler.stages.evaluation import REPORT, criteria, example, parts_line, reviewed
from scheduler.stages.kind import Firing
from storage import cycle_report, cycles, evaluations

COMMENT_CHARS = 500
_TABLE = frozenset({"表", "表格", "结果", "table"})


async def evaluate(call: Call) -> Reply:
    """测评 @张三 5 4 5 理由; 测评 表."""
    at = await _open(call)
    if not call.press and call.args.strip() in _TABLE:
        return await _table(call, at)
    member = await person_meant(call, "evaluate")
    if isinstance(member, Message):
        return member
    if member.id == call.me.id:
        raise UserError("evaluation.not_yourself")
    text = "" if call.press else clean(without_name(call))
    scores, comment = read_scores(text, at.stage.spec.rubric)
    if not scores:
        return Message((_how(at, member.name),))
    _check_length(comment)
    again = await evaluations.put(
        call.tx, at.cycle, member.id, "secretary", scores=scores, comment=comment, by=call.me.id, now=call.now
    )
    mark = round(share(scores, at.stage.spec.rubric.most) or 0)
    return line("evaluation.changed" if again else "evaluation.noted", name=member.name, mark=mark)


async def overall(call: Call) -> Reply:
    """总评 正文: told to the group with the closing report."""
    at = await _open(call)
    text = clean(call.args)
    if not text:
        said = await evaluations.overall(call.tx, at.cycle)
        return line("evaluation.overall_is", text=said) if said else line("evaluation.overall_how")
    _check_length(text)
    await evaluations.put(
        call.tx,
        at.cycle,
        evaluations.WHOLE_BRANCH,
        "overall",
        scores=(),
        comment=text,
        by=call.me.id,
        now=call.now,
    )
    return line("evaluation.overall_noted", stage=at.stage.spec.title)


async def assess_self(call: Call) -> Reply:
    """自评 5 4 5, of one's part in an activity that has no reviews, where those would hold it."""
    at = await stage_meant(call, "evaluation.none_open", "evaluation")
    if at is None:
        return None
    if reviewed(at.cycle):
        raise UserError("evaluation.own_in_review")
    scores, comment = read_scores("" if call.press else clean(call.args), at.stage.spec.rubric)
    if not scores:
        raise UserError("evaluation.own_how", criteria=criteria(at), example=example(at))
    _check_length(comment)
    await evaluations.put(
        call.tx, at.cycle, call.me.id, "self", scores=scores, comment=comment, by=call.me.id, now=call.now
    )
    return line("evaluation.own_noted", mark=round(share(scores, at.stage.spec.rubric.most) or 0))


async def _open(call: Call) -> Firing:
    """Not the stage a button names: here it names a person."""
    found = await cycles.open_stage(call.tx, call.group.id, "evaluation")
    if found is None:
        raise UserError("evaluation.none_open")
    return call.firing(*found)


def _check_length(text: str) -> None:
    if len(text) > COMMENT_CHARS:
        raise UserError("evaluation.too_long", most=COMMENT_CHARS, length=len(text))


def _how(at: Firing, name: str) -> Line:
    return line(
        "evaluation.how",
        name=name,
        criteria=criteria(at),
        most=at.stage.spec.rubric.most,
        example=example(at),
    )


async def _table(call: Call, at: Firing) -> Message:
    """Everybody's result so far, for the secretary alone."""
    report = await cycle_report.read(call.tx, call.group, at.cycle, call.today)
    await looked(call, "evaluation")
    known = [deed for deed in report.deeds if deed.composite is not None]
    lines = [_row(deed) for deed in known] or [line("evaluation.nobody_yet")]
    return Message(
        tuple(lines),
        title=line("evaluation.table", cycle=at.cycle.title),
        file=File(REPORT, brief(at.cycle.id)),
    )


def _row(deed: Deed) -> Line:
    return line(
        "evaluation.row", name=deed.name, mark=round(deed.composite or 0), parts=parts_line(deed.parts)
    )


COMMANDS = (
    Command("evaluate", evaluate, Role.SECRETARY, Where.PRIVATE, topic="activity"),
    Command("overall", overall, Role.SECRETARY, Where.PRIVATE, topic="activity"),
)
