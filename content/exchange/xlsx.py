"""XLSX, the one format here that can do harm: weighed before it is opened, and read for its plain text alone."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any

from content.exchange.columns import Columns
from content.exchange.drafts import MAX_QUESTIONS, Head, Progress
from content.exchange.plain import one_line
from content.exchange.table import HEAD_WITHIN, MAX_COLUMNS, Refused, letters, write_rows
from content.faults import Faults
from domain.group import Language
from domain.question import KINDS, Bank

MAX_BYTES = 5 * 1024 * 1024
MAX_UNZIPPED = 50 * 1024 * 1024
MAX_PART = 5 * 1024 * 1024
"""Of a part that is no sheet and no list of its words: openpyxl holds such a part in memory as a whole."""
MAX_PARTS = 1000
MAX_RATIO = 100
"""Sheets of words shrink to a tenth, of empty cells to a thirtieth; a bomb to a thousandth."""
_SMALL = 1024 * 1024

_MACROS = re.compile(r"vbaproject|/macrosheets/", re.IGNORECASE)
_STREAMED = re.compile(r"xl/(?:worksheets/[^/]+|sharedStrings)\.xml", re.IGNORECASE)
_CODE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LOOKS_LIKE_CODE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_STEM_COLUMN, _WIDE, _NARROW = "C", 48, 14


def read_xlsx(data: bytes, faults: Faults, progress: Progress) -> tuple[Head, list[list[str | Refused]]]:
    """The rows of the first sheet, with their empty cells; none when the file is refused as a whole."""
    if refused := _weighed(data):
        faults.add(0, refused, most=MAX_UNZIPPED // 1024 // 1024)
        return Head(), []
    try:
        with warnings.catch_warnings():  # openpyxl warns of every ornament it does not know
            warnings.simplefilter("ignore")
            return _read(data, progress)
    except Exception:  # a damaged file can make openpyxl, zipfile and the XML parser raise almost anything
        faults.add(0, "exchange.xlsx_broken")
        return Head(), []


def _weighed(data: bytes) -> str:
    """Why the file must not be opened, "" if it may. Only the directory of the archive is read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except Exception:  # as above
        return "exchange.xlsx_broken"
    if any(_MACROS.search(part.filename) for part in parts):
        return "exchange.xlsx_macros"
    if (
        len(parts) > MAX_PARTS
        or sum(part.file_size for part in parts) > MAX_UNZIPPED
        or any(map(_heavy, parts))
    ):
        return "exchange.xlsx_bomb"
    return ""


def _heavy(part: zipfile.ZipInfo) -> bool:
    """No part is ever unpacked beyond the size it declares: `zipfile` stops there."""
    xml = part.filename.lower().endswith((".xml", ".rels"))
    if xml and part.file_size > MAX_PART and not _STREAMED.fullmatch(part.filename):
        return True
    return part.file_size > max(_SMALL, MAX_RATIO * part.compress_size)


def _read(data: bytes, progress: Progress) -> tuple[Head, list[list[str | Refused]]]:
    from openpyxl import load_workbook  # only where it is used: it takes a third of a second to load

    # Not data_only: that would show a formula's last result in place of the formula.
    book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
    try:
        last = HEAD_WITHIN + MAX_QUESTIONS + 1
        rows = []
        for number, row in enumerate(book.worksheets[0].iter_rows(max_row=last, max_col=MAX_COLUMNS), 1):
            rows.append([_text(cell) for cell in row])
            progress(number)
        about = book.properties
        return Head(about.identifier or "", about.title or "", about.language or ""), rows
    finally:
        book.close()


def _text(cell: Any) -> str | Refused:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return Refused("exchange.cell_formula")
    if cell.data_type == "e":
        return Refused("exchange.cell_error")
    if isinstance(value, (date, datetime, time, timedelta)):
        return Refused("exchange.cell_date")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return _CODE.sub(lambda code: chr(int(code[1], 16)), str(value))


def write_xlsx(bank: Bank, columns: Columns) -> bytes:
    from openpyxl import Workbook  # as above

    language: Language = "en" if bank.language == "en" else "zh"
    book = Workbook()
    sheet = book.active
    sheet.title = columns.sheet(language)
    about = book.properties
    about.creator, about.identifier, about.title, about.language = (
        "",
        bank.id,
        one_line(bank.title),
        bank.language,
    )
    for number, row in enumerate(write_rows(bank, columns), 1):
        for column, text in enumerate(row, 1):
            if text:
                _write(sheet.cell(number, column), text)
    _dress(sheet, columns, language)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _write(cell: Any, text: str) -> None:
    """As text whatever it looks like: never a formula, an error or a number."""
    cell.value = _LOOKS_LIKE_CODE.sub("_x005F_", text)
    cell.data_type = "s"


def _dress(sheet: Any, columns: Columns, language: Language) -> None:
    """Columns are text, or the spreadsheet would make a date of 1921-07-01; the kind is chosen from a list."""
    from openpyxl.styles import Alignment, Font  # as above
    from openpyxl.worksheet.datavalidation import DataValidation

    for column in range(sheet.max_column):
        dimension = sheet.column_dimensions[letters(column)]
        dimension.number_format = "@"
        dimension.width = _WIDE if letters(column) == _STEM_COLUMN else _NARROW
        sheet.cell(1, column + 1).font = Font(bold=True)
    for row in sheet.iter_rows(min_row=2, min_col=3, max_col=3):
        row[0].alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"
    kinds = ",".join(columns.kind_word(kind, language) for kind in KINDS)
    choice = DataValidation(type="list", formula1=f'"{kinds}"', allow_blank=True, showErrorMessage=True)
    choice.add(f"B2:B{MAX_QUESTIONS + 1}")
    sheet.add_data_validation(choice)
