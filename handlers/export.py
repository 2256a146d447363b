"""导出: a group's figures as a workbook or as CSV, for the secretary in private. Who took what out is noted (查阅)."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import partial

from domain.errors import UserError
from domain.group import Role
from domain.message import Button, File, Message, line
from domain.outgoing import Made, Make, Order, Say
from domain.report import Format, Report, Wanted, month_of, read_wanted
from handlers.audit import looked
from handlers.call import Call, Command, Reply
from handlers.private import in_private
from storage import groups, members, report
from storage.tx import Tx

MOST_ROWS = 300_000
"""Two months and more of a thousand members; what is made of them fits into memory, and each table into one sheet."""
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


async def export(call: Call) -> Reply:
    wanted = _wanted(call)
    if not wanted.chosen:
        return await in_private(call, _menu(call, wanted.format))
    first, last = await _days(call, wanted)
    rows = await report.size(call.tx, call.group, first, last)
    if not rows:
        raise UserError("export.nothing")
    if rows > MOST_ROWS:
        raise UserError("export.too_much", rows=rows, most=MOST_ROWS)
    span = f"{first.isoformat()}..{last.isoformat()}"
    ready = line("export.ready", group=call.group.name, first=first.isoformat(), last=last.isoformat())
    answer = await in_private(call, Message((ready,), file=File("export", f"{wanted.format} {span}")))
    await looked(call, "export", days=span)
    return answer


def _wanted(call: Call) -> Wanted:
    """Raises UserError for days nobody can make out."""
    try:
        return read_wanted(call.args.replace("_", " ") if call.press else call.args, call.today)
    except ValueError:
        raise UserError("export.unclear") from None


def _menu(call: Call, format: Format) -> Message:
    """Months are named on the buttons' payload, so that a button pressed next month still means what it said."""
    this = call.today.replace(day=1)
    before = month_of(this - timedelta(days=1))[0]
    choices = (("this_month", f"{this:%Y-%m}"), ("last_month", f"{before:%Y-%m}"), ("all", "all"))
    buttons = [
        Button(line(f"export.{name}"), "export", days if format == "xlsx" else f"csv_{days}")
        for name, days in choices
    ]
    if format == "xlsx":
        buttons.append(Button(line("export.csv"), "export", "csv"))
        return Message((line("export.which"),), buttons=(tuple(buttons),))
    return Message((line("export.which_csv"),), buttons=(tuple(buttons),))


async def _days(call: Call, wanted: Wanted) -> tuple[date, date]:
    """Days to come are left out."""
    first = wanted.first or await report.first_day(call.tx, call.group.id)
    last = min(wanted.last or call.today, call.today)
    if first is None or first > last:
        raise UserError("export.nothing")
    return first, last


async def make_export(tx: Tx, order: Order, now: int) -> Make | None:
    """None for whoever is no longer secretary when the file is made."""
    group = await groups.find(tx, order.group_id)
    member = await members.find(tx, order.group_id, order.person_id)
    if group is None or member is None or member.role < Role.SECRETARY:
        return None
    format, _, span = order.file.arg.partition(" ")
    first, last = (date.fromisoformat(day) for day in span.split(".."))
    return partial(_make, await report.read(tx, group, first, last, now), format)


def _make(of: Report, format: str, say: Say) -> Made:
    name = _NOT_IN_NAMES.sub("_", f"{of.group}_{of.first.isoformat()}_{of.last.isoformat()}")
    if format == "csv":
        from content.reports.folder import write_csv_folder

        return Made(f"{name}.zip", write_csv_folder(of, say))
    from content.reports.workbook import write_workbook  # openpyxl loads slowly

    return Made(f"{name}.xlsx", write_workbook(of, say))


COMMAND = Command("export", export, Role.SECRETARY, takes_text=True, topic="data")
