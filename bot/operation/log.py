"""Logs that can be shown to a stranger: what happened, where and how long it took, never who said what."""

from __future__ import annotations

import hmac
import logging
import sys
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.operation.redact import only_known_fields, place, tell_exception, template

_LEVELS = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}
# They tell every step at INFO or DEBUG; what fails is told by whoever asked them.
_CHATTY = (
    "httpx",
    "httpcore",
    "telegram",
    "apscheduler",
    "alembic",
    "aiosqlite",
    "uvicorn",
)


def configure(level: str, as_json: bool | None, salt: bytes, stream: TextIO | None = None) -> None:
    """Send our own and every library's lines to ``stream`` (stderr). ``as_json`` None: not for a terminal.

    ``salt`` makes the hashes by which chats are told apart useless anywhere else.
    """
    stream = stream or sys.stderr
    threshold = _LEVELS[level]
    structured = not stream.isatty() if as_json is None else as_json
    structlog.configure(
        processors=_chain(structured, salt),
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.WriteLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    _route_libraries(threshold)


def _route_libraries(threshold: int) -> None:
    warnings = max(threshold, logging.WARNING)
    # What a library thinks worth an INFO (which version it has found, say) tells an operator nothing.
    everything = threshold <= logging.DEBUG
    logging.basicConfig(handlers=[_Library()], level=threshold if everything else warnings, force=True)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(warnings)
    # It warns once for each piece written to a page that was closed a moment ago.
    logging.getLogger("asyncio").setLevel(max(threshold, logging.ERROR))
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True


def _chain(structured: bool, salt: bytes) -> list[Processor]:
    show: Processor
    if structured:
        show = structlog.processors.JSONRenderer(ensure_ascii=False)
    else:
        show = structlog.dev.ConsoleRenderer(colors=False, pad_event_to=24, sort_keys=False)
    return [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        tell_exception,
        _hash_chat(salt),
        only_known_fields,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        show,
    ]


def _hash_chat(salt: bytes) -> Processor:
    def hashed(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        if event.get("chat"):
            event["chat"] = hmac.digest(salt, str(event["chat"]).encode(), "sha256").hex()[:12]
        return event

    return hashed


class _Library(logging.Handler):
    """Takes what libraries log into our own line of processors."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            structlog.get_logger().log(
                min(record.levelno, logging.CRITICAL),
                "library",
                logger=record.name,
                at=f"{place(record.pathname)}:{record.lineno}",
                status=template(record),
                exc_info=record.exc_info or None,
            )
        except Exception:
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:
        """A line that cannot be written is lost; the standard way would print its values to the terminal."""
