"""The clocks the program lives by: the wall clock, and one that can be moved, for the demonstration and for tests."""

from __future__ import annotations

from collections.abc import Callable

Clock = Callable[[], int]
"""Now, in UTC epoch milliseconds."""


class VirtualClock:
    """Runs like ``real`` from ``start`` on, and can be moved forward; over a ``real`` that stands still, it stands still too."""

    def __init__(self, start: int, real: Clock = lambda: 0) -> None:
        self._real = real
        self._shift = start - real()

    @property
    def shift(self) -> int:
        """Milliseconds by which it is off from ``real``; kept, it carries the clock over a stop of the program."""
        return self._shift

    def set_shift(self, shift: int) -> None:
        self._shift = shift

    def __call__(self) -> int:
        return self._real() + self._shift

    def move_to(self, now: int) -> None:
        """Never backwards."""
        self._shift += max(0, now - self())

    def restart(self, start: int) -> None:
        self._shift = start - self._real()
