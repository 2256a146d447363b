"""Several files as one: a zip that says when it was made, and nothing else about where."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from datetime import datetime

from content.reports.cells import csv_bytes
from content.reports.tables import details, overview
from domain.day import local
from domain.outgoing import Say
from domain.report import Report


def zipped(files: Iterable[tuple[str, bytes]], made: datetime) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            entry = zipfile.ZipInfo(name, made.timetuple()[:6])
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, content)
    return written.getvalue()


def write_csv_folder(report: Report, say: Say) -> bytes:
    """The tables of the workbook, each a CSV file."""
    made = local(report.made_at, report.timezone)
    tables = (overview(report, say), *details(report, say))
    return zipped(((f"{table.name}.csv", csv_bytes(table.heads, table.rows)) for table in tables), made)
