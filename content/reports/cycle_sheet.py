"""An activity's report as a workbook: who did what, row by row, and what the survey was answered with, without names."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from content.reports.cells import for_sheet, sheet_cell
from domain.cycle_report import CycleReport, Deed
from domain.message import line
from domain.outgoing import Say

_COLUMNS = (
    "signed_up", "attended", "spoke", "answered", "asked", "works", "handed_in", "reviewed",
    "own", "peers", "secretary", "composite",
)  # fmt: skip
_NAME_WIDTH, _WIDTH, _TEXT_WIDTH = 16, 11, 60


def write_cycle_report(report: CycleReport, say: Say) -> bytes:
    from openpyxl import Workbook  # loads slowly

    book = Workbook(write_only=True)
    book.properties.creator = ""
    book.properties.title = for_sheet(report.title)
    members = _sheet(book, say(line("cycle_report.sheet")), (_NAME_WIDTH, *[_WIDTH] * len(_COLUMNS)))
    _add(
        members,
        [say(line("cycle_report.name")), *(say(line(f"cycle_report.head_{one}")) for one in _COLUMNS)],
    )
    for deed in report.deeds:
        _add(members, [deed.name, *_row(deed, say)])
    if report.survey:
        _survey(book, report, say)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _row(deed: Deed, say: Say) -> list[str | int]:
    done = say(line("cycle_report.done"))
    flags = [done if one else "" for one in (deed.signed_up, deed.attended, deed.spoke)]
    counts = [deed.answered, deed.asked, deed.works, deed.handed_in, deed.reviewed]
    marks = [deed.parts.own, deed.parts.peers, deed.parts.secretary, deed.composite]
    return [*flags, *counts, *("" if mark is None else round(mark) for mark in marks)]


def _survey(book: Any, report: CycleReport, say: Say) -> None:
    """As much as the secretary is told in words: nothing that few people said."""
    sheet = _sheet(book, say(line("cycle_report.sheet_survey")), (_TEXT_WIDTH, _TEXT_WIDTH, _WIDTH))
    _add(sheet, [say(line(f"cycle_report.head_{one}")) for one in ("question", "answer", "count")])
    for told in report.survey:
        rows: list[tuple[str | int, int]] = []
        if told.listed:
            rows = [(mark, count) for mark, count in enumerate(told.marks, 1) if count]
            rows += [(text, 1) for text in told.texts]
        for answer, count in rows or [("", told.count)]:
            _add(sheet, [told.question, answer, count])


def _sheet(book: Any, name: str, widths: Sequence[int]) -> Any:
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(name)
    sheet.freeze_panes = "A2"
    for place, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    return sheet


def _add(sheet: Any, values: Sequence[str | int]) -> None:
    sheet.append([sheet_cell(sheet, value) for value in values])
