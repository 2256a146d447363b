"""How fast one person may post, so that a stuck key or a script does not flood a group."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

MESSAGES = 20
SECONDS = 10.0
_PEOPLE = 10_000
"""People remembered at a time; those who have been silent longest are forgotten first."""


class Pace:
    """At most `MESSAGES` within `SECONDS` for each person."""

    def __init__(self, passing: Callable[[], float]) -> None:
        self._passing = passing
        self._posted: dict[int, deque[float]] = {}

    def allows(self, person_id: int) -> bool:
        """Whether the person may post now; if so, it is counted."""
        now = self._passing()
        posted = self._posted.pop(person_id, deque())
        while posted and posted[0] <= now - SECONDS:
            posted.popleft()
        allowed = len(posted) < MESSAGES
        if allowed:
            posted.append(now)
        self._posted[person_id] = posted
        if len(self._posted) > _PEOPLE:
            del self._posted[next(iter(self._posted))]
        return allowed
