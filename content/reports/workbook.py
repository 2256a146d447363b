"""A group's report as a workbook: an overview with charts, and a sheet for each table, row by row (content/reports/sheets.py)."""

from __future__ import annotations

import io
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from content.reports.cells import for_sheet, sheet_cell
from content.reports.sheets import Styles, rows_xml, with_rows
from content.reports.tables import Table, details, overview, summary, title
from domain.day import local
from domain.message import line
from domain.outgoing import Say
from domain.report import Report

_HEAD_ROW = 3
"""In the overview, below its title and its one sentence."""
_CHART = {"width": 24.0, "height": 8.0}
"""Centimetres."""
_CHART_ROWS = 17
_CHARTS = (("participation", LineChart, (3, 4)), ("quiz", BarChart, (5, 6, 7)), ("minutes", BarChart, (8,)))
"""What each shows of the overview's columns; the first column is the day."""


def write_workbook(report: Report, say: Say) -> bytes:
    book = Workbook(write_only=True)
    about = book.properties
    about.creator, about.title = "", for_sheet(title(report, say))
    about.created = local(report.made_at, "UTC").replace(tzinfo=None)
    styles = _write_overview(book, report, say)
    rows = {}
    for table in details(report, say):
        sheet = _sheet(book, table, 1)
        sheet.append([_bold(sheet, head) for head in table.heads])
        rows[_part(book)] = rows_xml(table.rows, styles, 2)
    written = io.BytesIO()
    book.save(written)
    return with_rows(written.getvalue(), rows)


def _part(book: Any) -> str:
    """Where openpyxl keeps the sheet that was made last."""
    return f"xl/worksheets/sheet{len(book.worksheets)}.xml"


def _write_overview(book: Any, report: Report, say: Say) -> Styles:
    """Styles are the whole workbook's, and openpyxl numbers them as they come up."""
    table = overview(report, say)
    sheet = _sheet(book, table, _HEAD_ROW)
    sheet.append([_bold(sheet, title(report, say))])
    sheet.append([sheet_cell(sheet, summary(report, say))])
    sheet.append([_bold(sheet, head) for head in table.heads])
    for row in table.rows:
        sheet.append([sheet_cell(sheet, value) for value in row])
    if report.days:
        _draw(sheet, say, len(report.days), len(table.heads))
    return Styles(
        day=_style(sheet, number_format="yyyy-mm-dd"),
        instant=_style(sheet, number_format="yyyy-mm-dd hh:mm:ss"),
        text=_style(sheet, quotePrefix=True),
    )


def _style(sheet: Any, **looks: object) -> int:
    cell = WriteOnlyCell(sheet)
    for name, value in looks.items():
        setattr(cell, name, value)
    return int(cell.style_id)


def _sheet(book: Any, table: Table, head_row: int) -> Any:
    sheet = book.create_sheet(table.name)
    sheet.freeze_panes = f"A{head_row + 1}"
    for column, width in enumerate(table.widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    return sheet


def _bold(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, for_sheet(text))
    cell.data_type, cell.font = "s", Font(bold=True)
    return cell


def _draw(sheet: Any, say: Say, days: int, columns: int) -> None:
    """Charts of the program that opens the file: they stay changeable, and say nothing the cells do not."""
    last = _HEAD_ROW + days
    for place, (name, kind, shown) in enumerate(_CHARTS):
        chart = kind()
        chart.title = say(line(f"report.chart_{name}"))
        chart.width, chart.height = _CHART["width"], _CHART["height"]
        for column in shown:
            figures = Reference(sheet, min_col=column, min_row=_HEAD_ROW, max_row=last)
            chart.add_data(figures, titles_from_data=True)
        chart.set_categories(Reference(sheet, min_col=1, min_row=_HEAD_ROW + 1, max_row=last))
        chart.x_axis.number_format, chart.x_axis.delete, chart.y_axis.delete = "m-d", False, False
        if name == "quiz":
            chart.grouping, chart.overlap = "stacked", 100
        sheet.add_chart(chart, f"{get_column_letter(columns + 2)}{_HEAD_ROW + place * _CHART_ROWS}")
