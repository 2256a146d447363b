"""What loading a bank or a pack again makes different: written anew, taken out, left as it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

GONE = -1
"""The position of what its bank or pack no longer has: it stays, for whoever was given it."""
Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many items a load added, changed, took out of the order, and found as they were."""

    added: int
    changed: int
    removed: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class Change:
    """By their keys, what is stored and what it shall be; each with its ``position``."""

    before: Mapping[str, Fields]
    after: Mapping[str, Fields]

    @property
    def written(self) -> list[str]:
        return [key for key, row in self.after.items() if self.before.get(key) != row]

    @property
    def removed(self) -> list[str]:
        return [key for key, row in self.before.items() if key not in self.after and row["position"] != GONE]

    @property
    def counts(self) -> Loaded:
        written = self.written
        added = sum(self.before.get(key, {"position": GONE})["position"] == GONE for key in written)
        return Loaded(added, len(written) - added, len(self.removed), len(self.after) - len(written))
