"""What became of an activity, gathered from everything people did in it."""

from __future__ import annotations

from datetime import date

from domain.composite import Parts, composite
from domain.cycle import Cycle
from domain.cycle_report import Counts, CycleReport, Deed, counted
from domain.day import instant
from domain.group import Group
from domain.retention import kept_since
from domain.survey import Told
from domain.template import Weights
from storage import cycles, evaluations, surveys
from storage.tx import Tx


async def read(tx: Tx, group: Group, cycle: Cycle, today: date) -> CycleReport:
    marked = await _deeds(tx, cycle)
    stages = await cycles.stages(tx, cycle)
    asked = [stage for stage in stages if stage.spec.kind == "evaluation"]
    survey: tuple[Told, ...] = await surveys.results(tx, asked[0]) if asked else ()
    return CycleReport(
        group.name,
        cycle.title,
        cycle.starts_on.isoformat(),
        today.isoformat(),
        counted(marked, await _kinds(tx, cycle), await surveys.answered(tx, asked)),
        tuple(marked),
        survey,
        await evaluations.overall(tx, cycle),
        await _before(tx, cycle, _remembered_since(group, today)),
    )


def weights(cycle: Cycle) -> Weights:
    return next((spec.weights for spec in cycle.plan.stages if spec.kind == "evaluation"), Weights())


async def _kinds(tx: Tx, cycle: Cycle) -> frozenset[str]:
    """Of what there was to do; a stage that was skipped asked nothing of anybody."""
    return frozenset(one.spec.kind for one in await cycles.stages(tx, cycle) if one.state != "skipped")


def _remembered_since(group: Group, today: date) -> int:
    """Of what ended before, who did what may be forgotten (storage/retention.py): it is nothing to be measured by."""
    rules = group.settings
    if not rules.keep_months:
        return 0
    return instant(kept_since(today, rules.keep_months), rules.day_end - 24 * 60, rules.timezone)


async def _before(tx: Tx, cycle: Cycle, since: int) -> Counts | None:
    """Figures of the last activity of the same template that came to its end, if that was not before ``since``."""
    row = await tx.one(
        """SELECT max(c.id) FROM cycles c JOIN cycles mine ON mine.group_id = c.group_id AND mine.id = :id
           WHERE c.group_id = :group AND c.id < :id AND c.state = 'over' AND c.template = mine.template
             AND c.ended_at >= :since""",
        group=cycle.group_id,
        id=cycle.id,
        since=since,
    )
    earlier = await cycles.find(tx, cycle.group_id, int(row[0])) if row and row[0] else None
    if earlier is None:
        return None
    asked = [one for one in await cycles.stages(tx, earlier) if one.spec.kind == "evaluation"]
    return counted(await _deeds(tx, earlier), await _kinds(tx, earlier), await surveys.answered(tx, asked))


async def _deeds(tx: Tx, cycle: Cycle) -> list[Deed]:
    """One for each who is in the group now, in the order of joining."""
    rows = await tx.all(_DEEDS, group=cycle.group_id, cycle=cycle.id)
    said = await evaluations.parts(tx, cycle)
    found = []
    for person, name, signed, attended, spoke, answered, asked, works, handed, reviewed in rows:
        parts = said.get(int(person), Parts())
        found.append(
            Deed(
                int(person),
                str(name),
                bool(signed),
                bool(attended),
                bool(spoke),
                int(answered),
                int(asked),
                int(works),
                int(handed),
                int(reviewed),
                parts,
                composite(parts, weights(cycle)),
            )
        )
    return found


_OF = "x.group_id = m.group_id AND x.cycle_id = :cycle AND x.person_id = m.person_id"
_DEEDS = f"""SELECT m.person_id, m.name,
       (SELECT count(*) FROM signups x WHERE {_OF} AND x.state = 'in'),
       (SELECT count(*) FROM signups x WHERE {_OF} AND x.attended <> ''),
       (SELECT count(*) FROM signups x WHERE {_OF} AND x.spoke = 1),
       (SELECT count(*) FROM handins x WHERE {_OF} AND x.kind = 'answer'),
       (SELECT count(*) FROM inquiries x WHERE {_OF}),
       (SELECT count(*) FROM handins x WHERE {_OF} AND x.kind = 'work'),
       (SELECT count(*) FROM reflections x WHERE {_OF} AND x.state = 'handed'),
       (SELECT count(*) FROM reviews x WHERE {_OF} AND x.state = 'done' AND x.kind IN ('allotted', 'invited'))
FROM members m WHERE m.group_id = :group AND m.left_at IS NULL ORDER BY m.joined_at, m.person_id"""
