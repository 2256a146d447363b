"""Rows of a sheet as XML, by the hundred thousand: openpyxl writes the workbook and its charts, and takes 12 µs for a cell.

Texts stand in their cells (ECMA-376, 18.18.11, ``inlineStr``), so nothing is gathered in memory.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from xml.sax.saxutils import escape

from openpyxl.utils import get_column_letter

from content.reports.cells import for_sheet, is_risky
from content.reports.tables import Cell

_ZEROTH = date(1899, 12, 30).toordinal()
"""Days are counted from here (ECMA-376, 18.17.4.1)."""
_DAY_SECONDS = 86_400
_OFTEN = 64
"""Shorter texts come again and again: names, days, questions."""
_TOGETHER = 500
"""Rows handed over at once."""
_END = b"</sheetData>"


@dataclass(frozen=True, slots=True)
class Styles:
    """Numbers of the workbook's styles: of a day, of an instant, of text that must never be taken for more."""

    day: int
    instant: int
    text: int


def rows_xml(rows: Iterable[Sequence[Cell]], styles: Styles, first: int) -> Iterator[bytes]:
    """The rows from number ``first`` on, some hundred at a time."""
    known: dict[Cell, str] = {}
    pieces: list[str] = []
    for number, row in enumerate(rows, first):
        pieces.append(f'<row r="{number}">')
        for column, value in enumerate(row):
            if value is not None:
                pieces.append(f'<c r="{_LETTERS[column]}{number}"{_known(value, styles, known)}</c>')
        pieces.append("</row>")
        if number % _TOGETHER == 0:
            yield "".join(pieces).encode()
            pieces.clear()
    yield "".join(pieces).encode()


_LETTERS = [get_column_letter(column) for column in range(1, 27)]


def _known(value: Cell, styles: Styles, known: dict[Cell, str]) -> str:
    """The same value is put into words once. Instants hardly ever come again, nor do long texts."""
    if type(value) is datetime or (type(value) is str and len(value) > _OFTEN):
        return _cell(value, styles)
    found = known.get(value)
    if found is None:
        found = known[value] = _cell(value, styles)
    return found


def _cell(value: Cell, styles: Styles) -> str:
    """What follows the cell's place: its style and type, and what is in it."""
    if isinstance(value, str):
        text = for_sheet(value)
        style = f' s="{styles.text}"' if is_risky(text) else ""
        # A lone carriage return would be read as a line's end.
        inside = escape(text, {"\r": "&#13;"})
        return f'{style} t="inlineStr"><is><t xml:space="preserve">{inside}</t></is>'
    if isinstance(value, datetime):
        seconds = value.hour * 3600 + value.minute * 60 + value.second
        return f' s="{styles.instant}"><v>{value.toordinal() - _ZEROTH + seconds / _DAY_SECONDS}</v>'
    if isinstance(value, date):
        return f' s="{styles.day}"><v>{value.toordinal() - _ZEROTH}</v>'
    return f"><v>{value}</v>"


def with_rows(book: bytes, rows: Mapping[str, Iterable[bytes]]) -> bytes:
    """The workbook, with rows put behind those that the sheets of these parts have: ``xl/worksheets/sheet2.xml``."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            before, end, after = old.read(part).partition(_END if part.filename in rows else b"\x00")
            with new.open(part, "w", force_zip64=True) as into:
                into.write(before)
                for piece in rows.get(part.filename, ()):
                    into.write(piece)
                into.write(end + after)
    return written.getvalue()
