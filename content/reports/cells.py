"""What people wrote, made harmless for spreadsheets: a cell that begins like a formula would be one to whoever opens the file.

https://owasp.org/www-community/attacks/CSV_Injection lists the beginnings.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

_BEGINNINGS = frozenset("=+-@\t\r\n＝＋－＠")
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 has no place for (https://www.w3.org/TR/xml/#charsets)."""
_LOOKS_LIKE_CODE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
"""Excel reads ``_x000D_`` as one character; an escaped underscore keeps it what it is (ECMA-376, 22.9.2.19)."""


def is_risky(text: str) -> bool:
    """Whether a spreadsheet might take the text for more than text; leading blanks do not hinder it."""
    return text[:1] in _BEGINNINGS or text.lstrip()[:1] in _BEGINNINGS


def for_sheet(text: str) -> str:
    """The text as a cell of a workbook may hold it."""
    return _LOOKS_LIKE_CODE.sub("_x005F_", _UNFIT.sub("", text))


def sheet_cell(sheet: Any, value: object) -> Any:
    """The value as openpyxl's write-only ``sheet`` takes it. Text stays text: what begins like a formula is marked as text,
    as an apostrophe typed before it would."""
    from openpyxl.cell import WriteOnlyCell  # loads slowly

    if not isinstance(value, str):
        return value
    text = for_sheet(value)
    if not is_risky(text) and not text.startswith("#"):
        return text
    cell = WriteOnlyCell(sheet)
    cell.value, cell.data_type, cell.quotePrefix = text, "s", True
    return cell


def for_csv(value: object) -> str:
    """The value as a cell of a CSV file: days and times in ISO 8601, and an apostrophe before what begins like a formula."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, str):
        return str(value)
    text = value.replace("\x00", "")
    return f"'{text}" if is_risky(text) else text


def csv_bytes(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """RFC 4180, with a byte order mark: without it Excel takes UTF-8 for the computer's old encoding."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow([for_csv(head) for head in heads])
    for row in rows:
        writer.writerow([for_csv(cell) for cell in row])
    return written.getvalue().encode("utf-8-sig", "replace")
