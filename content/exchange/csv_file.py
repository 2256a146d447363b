"""CSV as spreadsheets write it, with commas, semicolons or tabs, in the encodings `decode` knows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import islice

from content.exchange.columns import Columns
from content.exchange.drafts import Progress
from content.exchange.table import HEAD_WITHIN, heads, write_rows
from content.faults import Faults, quoted
from domain.question import Bank

_DELIMITERS = (",", ";", "\t")


def csv_rows(text: str, columns: Columns, faults: Faults, progress: Progress) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text, columns), strict=True)
    number = 0
    try:
        for number, row in enumerate(reader, 1):
            progress(number)
            yield row
    except csv.Error as broken:
        faults.add(number + 1, "exchange.csv_broken", problem=quoted(str(broken)))


def known_heads(text: str, delimiter: str, columns: Columns) -> int:
    """How many heads a table with that delimiter would have."""
    reader = csv.reader(io.StringIO(text[:20_000], newline=""), delimiter=delimiter)
    try:
        rows = list(islice(reader, HEAD_WITHIN))
    except csv.Error:
        return 0
    return max((sum(isinstance(head, str) for head in heads(row, columns)) for row in rows), default=0)


def _delimiter(text: str, columns: Columns) -> str:
    return max(_DELIMITERS, key=lambda delimiter: known_heads(text, delimiter, columns))


def looks_like_table(text: str, columns: Columns) -> bool:
    return max(known_heads(text, delimiter, columns) for delimiter in _DELIMITERS) >= 2


def write_csv(bank: Bank, columns: Columns) -> bytes:
    """With a byte order mark: without it Excel takes UTF-8 for the computer's old encoding."""
    written = io.StringIO(newline="")
    csv.writer(written).writerows(write_rows(bank, columns))
    return written.getvalue().encode("utf-8-sig")
