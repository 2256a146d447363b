"""A transaction's function awaits nothing but its ``tx``. Here it is held to that, so that no network call sits inside a transaction."""

from __future__ import annotations

import asyncio
import traceback
import types
from collections.abc import Awaitable, Callable, Generator
from contextlib import suppress
from typing import Any, Protocol

from storage.tx import AwaitedOutside, StorageError

Fn = Callable[..., Awaitable[Any]]
Args = tuple[Any, ...]
Kwargs = dict[str, Any]
Steps = Generator[Any, Any, Any]

_WAITING = ("asyncio", "anyio", "sniffio")
"""Modules that fail in a thread without an event loop when somebody would wait."""


class Asking(Protocol):
    """A ``tx`` that suspends while the database works."""

    under_way: bool
    """It has asked the database something, and waits for the answer."""


def drive(tx: object, fn: Fn, args: Args, kwargs: Kwargs) -> Any:
    """The result of ``fn(tx, …)`` in a thread without an event loop, where awaiting ``tx`` never suspends.

    Raises what ``fn`` raises, and `AwaitedOutside` when it suspends.
    """
    steps = fn(tx, *args, **kwargs).__await__()
    try:
        awaited = next(steps)
    except StopIteration as end:
        return end.value
    except (RuntimeError, AttributeError) as error:
        if _raised_in(error) in _WAITING:
            raise _outside(fn, "the event loop") from error
        raise
    raise _refusal(fn, steps, awaited)


@types.coroutine
def follow(tx: Asking, fn: Fn, args: Args, kwargs: Kwargs) -> Steps:
    """The result of ``fn(tx, …)`` in the event loop. Raises as `drive` does when ``fn`` suspends while ``tx`` waits for nothing."""
    steps = fn(tx, *args, **kwargs).__await__()
    answer: Any = None
    thrown: BaseException | None = None
    while True:
        try:
            awaited = steps.send(answer) if thrown is None else steps.throw(thrown)
        except StopIteration as end:
            return end.value
        if not tx.under_way:
            raise _refusal(fn, steps, awaited)
        try:
            answer, thrown = (yield awaited), None
        except BaseException as cancelled:
            answer, thrown = None, cancelled


def swallowed(failed: Exception | None) -> StorageError:
    """What is told to a function that caught the error of a statement and returned: PostgreSQL cannot commit that."""
    error = StorageError("a statement failed, and the function went on as if it had not; nothing is kept")
    error.__cause__ = failed
    return error


def _refusal(fn: Fn, steps: Steps, awaited: object) -> AwaitedOutside:
    if isinstance(awaited, asyncio.Future):
        awaited._asyncio_future_blocking = False  # as a task does it; else nobody else could await the future
    with suppress(Exception):  # a finally that awaits, or fails: it is refused all the same
        steps.close()
    return _outside(fn, "a pause" if awaited is None else f"a {type(awaited).__name__}")


def _outside(fn: Fn, awaited: str) -> AwaitedOutside:
    name = getattr(fn, "__qualname__", repr(fn))
    return AwaitedOutside(f"a transaction may await nothing but its tx, and {name} awaited {awaited}")


def _raised_in(error: BaseException) -> str:
    """The package in which the error was raised."""
    *_, (frame, _line) = traceback.walk_tb(error.__traceback__)
    return str(frame.f_globals.get("__name__", "")).partition(".")[0]
