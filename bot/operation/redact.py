"""What of a log line may be shown: the fields named in `FIELDS` come through, whoever logs them, no others.

Of an exception that is its type and the places it passed, since its message may quote a person; of a
library's record the constant part of its text, without the values put into it.
"""

from __future__ import annotations

import errno
import logging
import re
import sys
import traceback
from pathlib import PurePath
from typing import Any
from urllib.parse import urlsplit

from structlog.typing import EventDict, WrappedLogger

from domain.errors import UserError
from domain.outgoing import SendError

FIELDS = frozenset(
    (
        *("event", "level", "timestamp", "logger", "at", "status", "ref", "reference", "dropped"),
        *("platform", "account", "lane", "chat", "group_id", "day"),
        *("kind", "key", "step", "outcome", "state", "error", "frames", "because"),
        *("count", "ms", "bytes", "seconds", "attempt", "attempts", "port", "host", "url", "version"),
    )
)
_LONGEST = 200
_LARGEST = 99_999
"""Numbers in libraries' texts up to here are ports, statuses and counts; larger ones may be somebody's id."""
_EVENT = re.compile(r"[a-z0-9][a-z0-9 ._-]{0,79}")
_TOKEN = re.compile(r"\d{5,}(?::|%3[Aa])[A-Za-z0-9_-]{10,}")
_URL_PASSWORD = re.compile(r"(?<=://)[^/@\s]+@")
_PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[#0\- +]*(?:\*|\d+)?(?:\.(?:\*|\d+))?[a-zA-Z]")
_NOT_PLAIN = re.compile("[^ -~…]+")
_FIRST_VALUE = re.compile(r"[<'\"({\[:\n]")
_FIXED_TEXTS = ("uvicorn", "asyncio", "apscheduler", "alembic")
_OURS = ("bot", "content", "domain", "handlers", "scheduler", "storage", "web")


def only_known_fields(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The allow-list, as a structlog processor. What is left out is told by name, for its author."""
    kept: dict[str, Any] = {
        name: _plain(value) for name, value in event.items() if name in FIELDS and value is not None
    }
    if "url" in kept:
        kept["url"] = _host(str(kept["url"])).removesuffix("/…")
    if not _EVENT.fullmatch(str(event.get("event", ""))):
        kept["event"] = "unnamed"
    if dropped := [name for name in event if name not in FIELDS]:
        kept["dropped"] = dropped
    return kept


def _plain(value: object) -> object:
    if isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, str):
        return _NOT_PLAIN.sub("…", scrub(value))[:_LONGEST]
    if isinstance(value, (list, tuple)):
        return [_plain(x) for x in value]
    return type(value).__name__


def scrub(text: str) -> str:
    """The text without anything that looks like a bot token, or like the name and password in an address."""
    return _URL_PASSWORD.sub("…@", _TOKEN.sub("…", text))


def tell_exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """In place of ``exc_info``: the error's type, the places it passed, and the types of what caused it."""
    given = event.pop("exc_info", None)
    error = given[1] if isinstance(given, tuple) else sys.exc_info()[1] if given is True else given
    if isinstance(error, BaseException):
        event["error"] = _name(error)
        event["frames"] = frames(error)
        if because := _causes(error):
            event["because"] = because
    return event


def frames(error: BaseException, most: int = 12) -> list[str]:
    """``storage/sqlite.py:81 _commit``, innermost last; no source lines and no values."""
    steps = traceback.extract_tb(error.__traceback__)[-most:]
    return [f"{place(step.filename)}:{step.lineno} {step.name}" for step in steps]


def place(path: str) -> str:
    """A source file's path without the machine it lies on."""
    parts = PurePath(path).parts
    if "site-packages" in parts:
        return "/".join(parts[parts.index("site-packages") + 1 :])
    ours = [i for i, part in enumerate(parts[:-1]) if part in _OURS]
    return "/".join(parts[ours[-1] :] if ours else parts[-2:])


def _name(error: BaseException) -> str:
    """The type, with the few details that are ours or the system's and never a person's."""
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    if isinstance(error, UserError):
        return f"{name} {error.key}"
    if isinstance(error, SendError) and error.detail:
        return f"{name} {error.detail}"
    if isinstance(error, OSError) and error.errno is not None and error.errno in errno.errorcode:
        return f"{name} {errno.errorcode[error.errno]}"
    return name


def _causes(error: BaseException) -> list[str]:
    found = [_name(part) for part in error.exceptions] if isinstance(error, BaseExceptionGroup) else []
    seen = {id(error)}
    cause = error.__cause__ or error.__context__
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        found.append(_name(cause))
        cause = cause.__cause__ or cause.__context__
    return found


def template(record: logging.LogRecord) -> str:
    """A library's text with small numbers and hosts filled in and every other value left out.

    A text without separate values may already hold some, so of it only known libraries' first words are kept.
    """
    text = record.msg if isinstance(record.msg, str) else type(record.msg).__name__
    if not record.args:
        known = record.name.partition(".")[0] in _FIXED_TEXTS
        return _FIRST_VALUE.split(text, maxsplit=1)[0].strip() if known else "…"
    values = iter(record.args if isinstance(record.args, tuple) else ())
    return _PLACEHOLDER.sub(lambda _: _value(next(values, "…")), text.split("\n", 1)[0])


def _value(value: object) -> str:
    if isinstance(value, (int, float)) and abs(value) <= _LARGEST:
        return str(value)
    return _host(str(value)) or "…"


def _host(text: str) -> str:
    """``https://api.telegram.org/bot1:x/getMe`` → ``https://api.telegram.org/…``; "" for anything else."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    known = parts.scheme in ("http", "https") and parts.hostname
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/…" if known else ""
