"""All that is kept of a member as one archive: a page to read in their language, and the same as CSV and JSON for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from html import escape
from typing import Any, TypeAlias

import orjson

from content.reports.cells import csv_bytes
from content.reports.folder import zipped
from content.reports.tables import given, rule_words, wall_clock
from domain.day import local
from domain.group import Role
from domain.message import Message, line
from domain.outgoing import Say
from domain.question import Question

LONG = 400
"""Characters of a cell on the page; the whole stands in the CSV and the JSON."""


@dataclass(frozen=True, slots=True)
class Section:
    """One table as it was read; instants in columns that end in ``at``, questions as JSON in ``question``."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Mine:
    name: str
    timezone: str
    made_at: int
    sections: Sequence[Section]
    files: Sequence[tuple[str, bytes]] = ()
    """(name in the archive, content) of their pictures and films."""
    left_out: int = 0
    """How many of those it cannot carry."""


_ACTIVITIES = frozenset((
    "signups", "handins", "reflections", "pictures", "seen_photos", "likenesses", "reviews_given",
    "reviews_received", "evaluations", "consents", "cycles", "stages", "newsletters",
))  # fmt: skip
_VALUES = frozenset((
    "allotted", "answer", "asked", "asking", "audio", "broken", "cancelled", "closed", "code", "document", "done", "draft",
    "dropped", "fine", "form", "handed", "in", "invited", "module", "no", "open", "out", "over",
    "overall", "passed", "pending", "photo", "picking", "planned", "posted", "roll", "running",
    "secretary", "self", "skipped", "spoken", "survey", "text", "there", "video", "waiting",
    "withdrawn", "work", "yes",
))  # fmt: skip
"""Those that have words, in columns that say what something is or how far it is."""

_Read: TypeAlias = Callable[[Any, Mapping[str, Any]], Any]
"""(value, its row) → what people read."""


def write_mydata(mine: Mine, say: Say) -> bytes:
    made = local(mine.made_at, mine.timezone)
    shown = [_shown(section, mine.timezone, say) for section in mine.sections]
    return zipped(_files(mine, shown, made, say), made)


def _files(mine: Mine, shown: Sequence[Section], made: datetime, say: Say) -> Iterator[tuple[str, bytes]]:
    yield say(line("archive.index")), _page(mine, shown, made, say).encode()
    yield "data.json", orjson.dumps(_plain(mine, made), option=orjson.OPT_INDENT_2)
    yield from mine.files
    for section in shown:
        if section.rows:
            yield f"csv/{section.name}.csv", csv_bytes([_head(c, say) for c in section.columns], section.rows)


def _plain(mine: Mine, made: datetime) -> dict[str, Any]:
    """As it is stored, for programs: only instants are made readable."""
    sections = {
        section.name: [dict(zip(section.columns, _stamped(section, row, mine.timezone), strict=True)) for row in section.rows]
        for section in mine.sections
    }  # fmt: skip
    return {"made_at": made.isoformat(timespec="seconds"), "timezone": mine.timezone, **sections}


def _stamped(section: Section, row: Sequence[Any], timezone: str) -> Iterator[Any]:
    for column, value in zip(section.columns, row, strict=True):
        is_instant = _is_instant(column) and value
        yield local(value, timezone).isoformat(timespec="seconds") if is_instant else value


def _is_instant(column: str) -> bool:
    return column == "at" or column.endswith("_at")


def _shown(section: Section, timezone: str, say: Say) -> Section:
    reads = _readers(section.name, timezone, say)
    rows = [dict(zip(section.columns, row, strict=True)) for row in section.rows]
    words = [[_words(reads, column, row) for column in section.columns] for row in rows]
    return Section(section.name, section.columns, words)


def _words(reads: Callable[[str], _Read | None], column: str, row: Mapping[str, Any]) -> Any:
    value, read = row[column], reads(column)
    return value if value is None or read is None else read(value, row)


def _readers(section: str, timezone: str, say: Say) -> Callable[[str], _Read | None]:
    """How the values of a column are put into words; None for those that speak for themselves."""
    named: dict[str, _Read] = {
        "question": lambda value, row: Question.model_validate_json(value).stem,
        "given": lambda value, row: given(_question(row), value, say),
        "verdict": lambda value, row: say(line(f"report.verdict_{value}")),
        "rule": lambda value, row: rule_words(say).get(value, value),
        "role": lambda value, row: say(
            line("mydata.secretary" if value >= Role.SECRETARY else "mydata.member")
        ),
        "what": lambda value, row: _looked(value, say),
    }
    if section in _ACTIVITIES:
        named |= dict.fromkeys(("state", "kind", "consent", "attended"), partial(_named, say))
        named["scores"] = lambda value, row: " ".join(map(str, orjson.loads(value))) if value else ""
    if section == "handins":
        named["body"] = _handed_in
    if section == "checkins":
        named["kind"] = lambda value, row: say(line(f"report.kind_{value}"))
    if section == "talk":
        named["body"] = lambda value, row: orjson.loads(value).get("text", "")
    if section == "messages":
        named["body"] = lambda value, row: _message(value, say)

    def reader(column: str) -> _Read | None:
        if _is_instant(column):
            return lambda value, row: wall_clock(value, timezone)
        return named.get(column)

    return reader


def _named(say: Say, value: str, row: Mapping[str, Any]) -> str:
    return say(line(f"archive.value_{value}")) if value in _VALUES else value


def _handed_in(body: str, row: Mapping[str, Any]) -> str:
    """A work is kept with its title; everything else is the words themselves."""
    if row["kind"] != "work":
        return body
    work = orjson.loads(body)
    return "\n".join(filter(None, (work["title"], work["text"])))


def _question(row: Mapping[str, Any]) -> Question | None:
    return Question.model_validate_json(row["question"]) if row["question"] else None


def _looked(what: str, say: Say) -> str:
    kind, _, days = what.partition(" ")
    seen = line(f"audit.what_{kind}")
    return say(line("audit.of_days", what=seen, days=days) if days else seen)


def _message(body: str, say: Say) -> str:
    """What the bot said; what a live message showed is no longer known."""
    message = Message.parse(body)
    said = ([message.title] if message.title else []) + list(message.lines)
    try:
        return "\n".join(say(one) for one in said)
    except KeyError:  # written by a version that had other texts; data.json has it as it is stored
        return ""


def _head(column: str, say: Say) -> str:
    return say(line(f"archive.col_{column}"))


_STYLE = """body{font:16px/1.6 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#222}
h2{margin-top:2.5rem}.wide{overflow-x:auto}table{border-collapse:collapse}
th,td{border:1px solid #ccc;padding:.3rem .6rem;text-align:left;vertical-align:top}
th{background:#f4f4f4}td{max-width:32rem;overflow-wrap:anywhere;white-space:pre-wrap}p{white-space:pre-line}p.none{color:#666}"""
_LANGUAGE = {"zh": "zh-CN", "en": "en"}


def _page(mine: Mine, shown: Sequence[Section], made: datetime, say: Say) -> str:
    title = escape(say(line("archive.title", name=mine.name)))
    about = escape("\n".join(_about(mine, made, say)))
    body = "\n".join(_table(section, say) for section in shown)
    language = _LANGUAGE[say(line("archive.language"))]
    return (
        f'<!doctype html>\n<html lang="{language}">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n<h1>{title}</h1>\n<p>{about}</p>\n{body}\n</html>\n"
    )


def _about(mine: Mine, made: datetime, say: Say) -> Iterator[str]:
    yield say(line("archive.about", when=f"{made:%Y-%m-%d %H:%M}", zone=mine.timezone))
    if mine.files:
        yield say(line("archive.photos", count=len(mine.files)))
    if mine.left_out:
        yield say(line("archive.photos_left_out", count=mine.left_out))


def _table(section: Section, say: Say) -> str:
    head = f"<h2>{escape(say(line(f'archive.part_{section.name}')))}</h2>"
    if not section.rows:
        return f'{head}\n<p class="none">{escape(say(line("archive.nothing")))}</p>'
    heads = "".join(f"<th>{escape(_head(column, say))}</th>" for column in section.columns)
    rows = "\n".join(
        f"<tr>{''.join(f'<td>{_shortened(value)}</td>' for value in row)}</tr>" for row in section.rows
    )
    return f'{head}\n<div class="wide"><table>\n<tr>{heads}</tr>\n{rows}\n</table></div>'


def _shortened(value: Any) -> str:
    text = "" if value is None else str(value)
    return escape(text if len(text) <= LONG else f"{text[:LONG]}…")
