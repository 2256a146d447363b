"""Sortable 64-bit ids made by the program, so that a row has its id before any database has seen it."""

from __future__ import annotations

_EPOCH = 1_735_689_600_000  # 2025-01-01T00:00Z; 41 bits of milliseconds last until 2094
_WORKER_BITS = 10
_SEQUENCE_BITS = 12
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class Ids:
    """41 bits of time, 12 of sequence, 10 of worker. Ids of one worker always grow, even when its clock steps back."""

    def __init__(self, worker: int) -> None:
        if not 0 <= worker < 1 << _WORKER_BITS:
            raise ValueError(f"worker must be between 0 and {(1 << _WORKER_BITS) - 1}, not {worker}")
        self._worker = worker
        self._last = 0

    def next(self, now: int) -> int:
        """A new id; ``now`` in UTC epoch milliseconds. More than 4096 in a millisecond borrow from the next one."""
        self._last = max(self._last + 1, (now - _EPOCH) << _SEQUENCE_BITS)
        return self._last << _WORKER_BITS | self._worker


def made_at(number: int) -> int:
    """When an id was made, UTC epoch milliseconds."""
    return (number >> _SEQUENCE_BITS + _WORKER_BITS) + _EPOCH


def brief(number: int) -> str:
    """The number in base 36, for where room is short."""
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"


def from_brief(text: str) -> int:
    """The inverse of `brief`; 0, which is nobody's id, for what is no number or none of 63 bits."""
    number = int(text, 36) if text.isascii() and text.isalnum() and len(text) <= 13 else 0
    return number if number < 1 << 63 else 0
