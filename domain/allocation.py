"""Who reviews whose work: everybody gives as many reviews as they get, and nobody their own.

One function serves the first allocation and every repair of it: what is held already is counted, what is missing is given to
those who have least to do. It is a matching with capacities, made greedily and completed along augmenting paths, so that a
review is missing only where none could be given at all.
"""

from __future__ import annotations

import heapq
import random
from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

LOOKED_AT = 8
"""Reviewers with equally little to do among whom the one from the farthest sub-group is taken."""


_Waiting: TypeAlias = tuple[int, int, int]
"""A reviewer who has room: (load, place in the dice's order, id)."""


@dataclass(frozen=True, slots=True)
class Work:
    """A piece to be reviewed. ``side`` is its author's sub-group, 0 for none; ``held`` are those who review it or have reviewed it.

    ``passed`` were asked and let it pass: they hold it no longer, and are not asked for it again.
    """

    id: int
    author: int
    side: int = 0
    held: frozenset[int] = frozenset()
    passed: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Reviewer:
    """``load`` is how many reviews they have given or been asked for so far."""

    id: int
    side: int = 0
    load: int = 0


def allocate(
    works: Sequence[Work],
    reviewers: Sequence[Reviewer],
    each: int,
    excluded: Iterable[tuple[int, int]] = (),
    *,
    seed: int,
) -> list[tuple[int, int]]:
    """(reviewer, work) for every review to ask for, so that each work has ``each`` of them.

    Nobody is asked for more than another by more than what pairs that are ``excluded`` make unavoidable. The same arguments
    give the same list.
    """
    dice = random.Random(seed)
    dice_order = {one.id: dice.random() for one in sorted(reviewers, key=lambda r: r.id)}
    board = _Board(works, sorted(reviewers, key=lambda r: dice_order[r.id]), _pairs(excluded))
    missing = [work.id for work in sorted(works, key=lambda w: w.id) for _ in range(each - len(work.held))]
    board.fill(missing)
    return sorted(board.asked())


def _pairs(excluded: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for one, other in excluded:
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return found


@dataclass(slots=True)
class _Board:
    """Reviews asked for so far, and who may be asked for what."""

    works: Sequence[Work]
    reviewers: Sequence[Reviewer]
    apart: Mapping[int, Collection[int]]
    _work: dict[int, Work] = field(init=False)
    _side: dict[int, int] = field(init=False)
    _load: dict[int, int] = field(init=False)
    _of_work: dict[int, set[int]] = field(init=False)
    _of_reviewer: dict[int, set[int]] = field(init=False)

    def __post_init__(self) -> None:
        self._work = {work.id: work for work in self.works}
        self._side = {one.id: one.side for one in self.reviewers}
        self._load = {one.id: one.load for one in self.reviewers}
        self._of_work = {work.id: set() for work in self.works}
        self._of_reviewer = {one.id: set() for one in self.reviewers}

    def asked(self) -> Iterable[tuple[int, int]]:
        return ((who, work) for work, people in self._of_work.items() for who in people)

    def fill(self, missing: Sequence[int]) -> None:
        """One review for each entry of ``missing``. The most anyone is asked for grows only when nothing else helps."""
        most = self._fair_most(len(missing))
        left = self._greedily(missing, most)
        while left:
            unable = [work for work in left if not self._along_a_path(work, most)]
            if len(unable) == len(left):
                if most > max(self._load.values(), default=0) + 1:
                    return  # every reviewer has room, so whoever may review these works does so already
                most += 1
            left = unable

    def _fair_most(self, wanted: int) -> int:
        """The smallest number such that all of ``wanted`` find room when nobody is asked for more."""
        loads = sorted(self._load.values())
        most, room = (loads[0] if loads else 0), 0
        for count, load in enumerate(loads):
            room += (load - most) * count
            if room >= wanted:
                return load - (room - wanted) // max(count, 1)
            most = load
        return most + -((room - wanted) // max(len(loads), 1))

    def _greedily(self, missing: Sequence[int], most: int) -> list[int]:
        """What could not be given without asking somebody for more than ``most``."""
        waiting = [
            (load, place, one.id)
            for place, one in enumerate(self.reviewers)
            if (load := self._load[one.id]) < most
        ]
        heapq.heapify(waiting)
        return [work for work in missing if not self._give(self._work[work], waiting, most)]

    def _give(self, work: Work, waiting: list[_Waiting], most: int) -> bool:
        passed: list[_Waiting] = []
        fit: list[_Waiting] = []
        while waiting and len(fit) < LOOKED_AT and (not fit or waiting[0][0] == fit[0][0]):
            entry = heapq.heappop(waiting)
            (fit if self._may(entry[2], work) else passed).append(entry)
        chosen = min(fit, key=lambda entry: (self._near(entry[2], work), entry[1]), default=None)
        for entry in (*passed, *fit):
            if entry is not chosen:
                heapq.heappush(waiting, entry)
        if chosen is None:
            return False
        load, place, who = chosen
        self._ask(who, work.id)
        if load + 1 < most:
            heapq.heappush(waiting, (load + 1, place, who))
        return True

    def _may(self, who: int, work: Work) -> bool:
        return (
            who != work.author
            and who not in work.held
            and who not in work.passed
            and who not in self._of_work[work.id]
            and work.author not in self.apart.get(who, ())
        )

    def _near(self, who: int, work: Work) -> int:
        """How many of the author and the other reviewers are of the same sub-group."""
        side = self._side[who]
        others = [self._side.get(other, 0) for other in (*self._of_work[work.id], *work.held)]
        return (side == work.side) + others.count(side) if side else 0

    def _ask(self, who: int, work: int) -> None:
        self._of_work[work].add(who)
        self._of_reviewer[who].add(work)
        self._load[who] += 1

    def _release(self, who: int, work: int) -> None:
        self._of_work[work].discard(who)
        self._of_reviewer[who].discard(work)
        self._load[who] -= 1

    def _along_a_path(self, start: int, most: int) -> bool:
        """Give one more review to ``start`` by handing others on: the shortest chain that ends at somebody with room."""
        came: dict[
            int, tuple[int, int]
        ] = {}  # reviewer → (work they would take, who hands it on, 0 for the start)
        queue = deque([(start, 0)])
        while queue:
            work, giver = queue.popleft()
            for one in self.reviewers:
                if one.id in came or not self._may(one.id, self._work[work]):
                    continue
                came[one.id] = (work, giver)
                if self._load[one.id] < most:
                    self._hand_on(one.id, came)
                    return True
                queue.extend((other, one.id) for other in sorted(self._of_reviewer[one.id]))
        return False

    def _hand_on(self, last: int, came: Mapping[int, tuple[int, int]]) -> None:
        who = last
        while who:
            work, giver = came[who]
            if giver:
                self._release(giver, work)
            self._ask(who, work)
            who = giver
