"""An activity's closing report as a file, for a secretary in private; made anew whenever it is opened."""

from __future__ import annotations

from functools import partial

from content.reports.cycle_sheet import write_cycle_report
from domain.cycle_report import CycleReport
from domain.group import Role
from domain.ids import from_brief
from domain.message import line
from domain.outgoing import Made, Make, Order, Say
from storage import cycle_report, cycles, groups, members
from storage.tx import Tx


async def make_cycle_report(tx: Tx, order: Order, now: int) -> Make | None:
    """``arg`` is the activity. None for whoever is no secretary any more."""
    reader = await members.find(tx, order.group_id, order.person_id)
    group = await groups.find(tx, order.group_id)
    cycle = await cycles.find(tx, order.group_id, from_brief(order.file.arg))
    if reader is None or reader.role < Role.SECRETARY or group is None or cycle is None:
        return None
    return partial(_made, await cycle_report.read(tx, group, cycle, group.settings.day(now)))


def _made(report: CycleReport, say: Say) -> Made:
    name = say(line("cycle_report.file", cycle=report.title))
    return Made(f"{name}.xlsx", write_cycle_report(report, say))
