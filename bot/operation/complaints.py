"""What an operator hears of an error that was to be expected: sentences with what to do next, never a traceback."""

from __future__ import annotations

import errno
import socket

from bot.operation.redact import scrub
from bot.settings import BadSettings, Config
from content.packs import PackFaults
from domain.errors import UserError
from domain.message import Line, line
from storage.tx import StorageError

_NO_LISTENING = (errno.EADDRINUSE, errno.EACCES, errno.EADDRNOTAVAIL)


class Stop(Exception):
    """The program cannot start or go on, and the operator can put it right; ``lines`` say how."""

    def __init__(self, *lines: Line) -> None:
        super().__init__(*(one.key for one in lines))
        self.lines = lines


def complaint(error: Exception, config: Config | None = None) -> list[Line] | None:
    """None for a fault of ours, which nobody could have expected."""
    if isinstance(error, Stop):
        return list(error.lines)
    if isinstance(error, UserError):
        return [Line(error.key, error.params)]
    if isinstance(error, BadSettings):
        return [*error.faults, line("env.do")]
    if isinstance(error, PackFaults):
        return [line("cli.pack_bad", count=len(error.faults))]
    if isinstance(error, StorageError):
        return [line("cli.database_bad", reason=scrub(str(error))), line("cli.database_do")]
    if isinstance(error, OSError):
        return _of_system(error, config)
    return _of_telegram(error)


def _of_system(error: OSError, config: Config | None) -> list[Line]:
    reason = error.strerror or type(error).__name__
    if config and not error.filename and (error.errno in _NO_LISTENING or isinstance(error, socket.gaierror)):
        return [line("cli.port_bad", host=config.http_host, port=config.http_port, reason=reason)]
    return [line("cli.system", reason=reason, file=str(error.filename or ""))]


def _of_telegram(error: Exception) -> list[Line] | None:
    from bot.platforms.telegram.account import TelegramUnusable  # only now: the library takes half a second

    return [line("cli.telegram_bad", reason=str(error))] if isinstance(error, TelegramUnusable) else None
