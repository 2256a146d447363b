"""Peer review's rules: what people write to give one, how long they have, and how what is missing is made up for."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from domain.allocation import Reviewer, Work, allocate
from domain.day import DAY
from domain.errors import UserError
from domain.marks import Scores
from domain.message import line
from domain.template import Rubric, StageSpec

ReviewKind = Literal["allotted", "invited", "self", "secretary"]
ReviewState = Literal["asked", "done", "dropped"]
COMMENT_CHARS = 1000
"""The longest comment that is kept."""
MOST_INVITED = 5
"""Invitations to review one work that may be waiting for an answer: enough to be heard, and nobody's mailbox is flooded."""
_NUMBER = re.compile(r"([-+]?\d{1,30}(?:\.\d+)?)\s*分?(?=[\s,，、;；/。.:：]|$)[\s,，、;；/。.:：]*")
_HANZI = "一二三四五六七八九十"
_CODE = re.compile(r"([A-Za-z]{1,3}[-_.#·]?\d{1,6}号?)(?![A-Za-z\d])[\s,，、:：.。]*")


def split_code(text: str) -> tuple[str, str]:
    """The number of a work as it was written and what follows it, such as ``("A12", "5 4 5 …")``; ("", text) where there is none."""
    narrow = _narrow(text).strip()
    found = _CODE.match(narrow)
    return (found[1].upper(), narrow[found.end() :].strip()) if found else ("", text.strip())


def read_scores(text: str, rubric: Rubric) -> tuple[Scores, str]:
    """The scores a text begins with, and the words after them; no scores where it begins with words.

    Raises UserError for too few or too many of them, or one out of range.
    """
    rest, numbers = _in_digits(_narrow(text).strip(), len(rubric.criteria)), list[str]()
    while found := _NUMBER.match(rest):
        numbers.append(found[1])
        rest = rest[found.end() :]
    if len(numbers) == 1 < len(rubric.criteria) == len(numbers[0]) and numbers[0].isdecimal():
        numbers = list(numbers[0])  # 545 for 5 4 5
    if not numbers:
        return (), text.strip()
    scores = tuple(int(one) if one.isdecimal() else 0 for one in numbers)
    check_scores(scores, rubric)
    return scores, rest.strip()


def _in_digits(text: str, count: int) -> str:
    """五 四 五, as people dictate it, in digits; a text that begins with other than ``count`` of them as it is (「一、写得实在」)."""
    mark = rf"[{_HANZI}]\s*分?"
    found = re.match(rf"(?:{mark}[\s,，、]+){{{count - 1}}}{mark}(?=[\s,，、;；。:：]|$)", text)
    if count == 1 or found is None:
        return text
    return re.sub(f"[{_HANZI}]", lambda one: str(_HANZI.index(one[0]) + 1), found[0]) + text[found.end() :]


def check_scores(scores: Scores, rubric: Rubric) -> None:
    """Raises UserError where they are not one number from 1 to the rubric's most for each criterion."""
    criteria = tuple(line("raw", text=one) for one in rubric.criteria)
    if len(scores) != len(rubric.criteria):
        raise UserError("peer.count", criteria=criteria, want=len(criteria), given=len(scores))
    if not all(1 <= one <= rubric.most for one in scores):
        raise UserError("peer.range", most=rubric.most, criteria=criteria)


def _narrow(text: str) -> str:
    """Full-width digits and letters as half-width ones; every other character stays, so that words keep their punctuation."""
    return "".join(_half(c) if "０" <= c <= "ｚ" else c for c in text)


def _half(c: str) -> str:
    return unicodedata.normalize("NFKC", c)


def source_of(stages: Sequence[StageSpec], place: int) -> int | None:
    """The place of the reflection whose works the review at ``place`` is about: the latest before it."""
    return next((n for n in range(place - 1, -1, -1) if stages[n].kind == "reflection"), None)


def review_of(stages: Sequence[StageSpec], place: int) -> int | None:
    """The place of the review that the works of the reflection at ``place`` are for."""
    return next(
        (
            n
            for n in range(place + 1, len(stages))
            if stages[n].kind == "review" and source_of(stages, n) == place
        ),
        None,
    )


def lease(now: int, closes_at: int) -> int:
    """Until when a review asked for now is waited for before somebody else is asked: half of what is left, a day at least."""
    return now + max(DAY, (closes_at - now) // 2)


def named_in(text: str, names: Mapping[str, int], longest: int = 64) -> list[int]:
    """Whom a text calls by ``@name``, the longest name that fits; in their order, each once."""
    found: dict[int, None] = {}
    for after in re.split("[@＠]", text)[1:]:
        for length in range(min(longest, len(after)), 0, -1):
            if (person := names.get(after[:length].casefold())) is not None:
                found[person] = None
                break
    return list(found)


@dataclass(frozen=True, slots=True)
class Piece:
    """A work that is to be reviewed. ``taken``: who has reviewed it without having been asked to by the allocation."""

    id: int
    author: int
    side: int = 0
    taken: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Asked:
    """A review that was asked for. ``live``: its lease runs and its reviewer is there. ``begun``: not to be handed on any more."""

    person: int
    work: int
    done: bool
    live: bool
    begun: bool = False


@dataclass(frozen=True, slots=True)
class Repair:
    """(reviewer, work) to ask for, and to ask for no longer since somebody with less to do takes it."""

    ask: list[tuple[int, int]] = field(default_factory=list)
    hand_on: list[tuple[int, int]] = field(default_factory=list)


def repaired(
    pieces: Sequence[Piece],
    reviewers: Mapping[int, int],
    asked: Sequence[Asked],
    each: int,
    apart: Collection[tuple[int, int]] = (),
    *,
    seed: int,
) -> Repair:
    """What is to change so that every work has ``each`` reviewers who are there and not late.

    ``reviewers``: person → sub-group of those who are there. Whoever let a review pass is asked for another only where nobody
    else can give it. Nobody ends with two more to do than somebody who could take one off them, unless they have begun it.
    """
    late = {one.person for one in asked if not one.done and not one.live}
    prompt = {who: side for who, side in reviewers.items() if who not in late}
    board = _Standing(pieces, asked)
    board.add(allocate(board.works(), board.reviewers(prompt), each, apart, seed=seed))
    if len(prompt) < len(reviewers) and board.missing(each):
        board.add(allocate(board.works(), board.reviewers(reviewers), each, apart, seed=seed))
    board.balance(sorted(prompt), _both_ways(apart))
    return board.repair()


def _both_ways(apart: Iterable[tuple[int, int]]) -> frozenset[tuple[int, int]]:
    return frozenset(pair for one, other in apart for pair in ((one, other), (other, one)))


class _Standing:
    """Who holds what, as it changes; ``_free`` are reviews that may still be handed on."""

    def __init__(self, pieces: Sequence[Piece], asked: Sequence[Asked]) -> None:
        self._pieces = {piece.id: piece for piece in pieces}
        self._held: dict[int, set[int]] = {piece.id: set() for piece in pieces}
        self._passed = {piece.id: set(piece.taken) for piece in pieces}
        self._load: Counter[int] = Counter()
        self._free: dict[int, set[int]] = {}
        self._before = {(one.person, one.work) for one in asked if one.done or one.live}
        for one in asked:
            self._note(one)

    def _note(self, one: Asked) -> None:
        self._load[one.person] += 1
        if one.work not in self._pieces:
            return
        (self._held if one.done or one.live else self._passed)[one.work].add(one.person)
        if one.live and not one.done and not one.begun:
            self._free.setdefault(one.person, set()).add(one.work)

    def works(self) -> list[Work]:
        return [
            Work(
                piece.id,
                piece.author,
                piece.side,
                frozenset(self._held[piece.id]),
                frozenset(self._passed[piece.id]),
            )
            for piece in self._pieces.values()
        ]

    def reviewers(self, who: Mapping[int, int]) -> list[Reviewer]:
        return [Reviewer(one, side, self._load[one]) for one, side in who.items()]

    def missing(self, each: int) -> bool:
        return any(len(held) < each for held in self._held.values())

    def add(self, asks: Iterable[tuple[int, int]]) -> None:
        for who, work in asks:
            self._held[work].add(who)
            self._load[who] += 1
            self._free.setdefault(who, set()).add(work)

    def balance(self, people: Sequence[int], apart: Collection[tuple[int, int]]) -> None:
        """Hand reviews on, along the shortest chains, from those with most to do to those with two less or fewer."""
        highest = max((self._load[who] for who in people), default=0)
        for taker in sorted(people, key=lambda who: (self._load[who], who)):
            while self._load[taker] + 2 <= highest and (chain := self._chain(taker, people, apart)):
                for giver, work, receiver in chain:
                    self._hand_on(giver, work, receiver)
                highest = max(self._load[who] for who in people)

    def _chain(
        self, taker: int, people: Sequence[int], apart: Collection[tuple[int, int]]
    ) -> list[tuple[int, int, int]]:
        """(giver, work, receiver) from the taker up to somebody with at least two more; nothing where there is no such chain."""
        most = self._load[taker] + 2
        came: dict[int, tuple[int, int]] = {}
        waiting = deque([taker])
        while waiting:
            receiver = waiting.popleft()
            for giver in people:
                if giver == taker or giver in came:
                    continue
                work = self._takeable(giver, receiver, apart)
                if work is None:
                    continue
                came[giver] = (work, receiver)
                if self._load[giver] >= most:
                    return _followed(came, giver, taker)
                waiting.append(giver)
        return []

    def _takeable(self, giver: int, receiver: int, apart: Collection[tuple[int, int]]) -> int | None:
        return next(
            (
                work
                for work in sorted(self._free.get(giver, ()))
                if self._may(receiver, self._pieces[work], apart)
            ),
            None,
        )

    def _may(self, who: int, piece: Piece, apart: Collection[tuple[int, int]]) -> bool:
        return (
            who != piece.author
            and who not in self._held[piece.id]
            and who not in self._passed[piece.id]
            and (who, piece.author) not in apart
        )

    def _hand_on(self, giver: int, work: int, receiver: int) -> None:
        self._held[work].discard(giver)
        self._held[work].add(receiver)
        self._free[giver].discard(work)
        self._free.setdefault(receiver, set()).add(work)
        self._load[giver] -= 1
        self._load[receiver] += 1

    def repair(self) -> Repair:
        now = {(who, work) for work, people in self._held.items() for who in people}
        before = {(who, work) for who, work in self._before if work in self._pieces}
        return Repair(sorted(now - before), sorted(before - now))


def _followed(came: Mapping[int, tuple[int, int]], giver: int, taker: int) -> list[tuple[int, int, int]]:
    """The chain from the giver back to the taker, in an order in which each receiver has room for it."""
    chain = []
    while giver != taker:
        work, receiver = came[giver]
        chain.append((giver, work, receiver))
        giver = receiver
    return chain[::-1]
