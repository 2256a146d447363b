"""Study groups in the fake Telegram whose members all check in at the same time, and the server that calls for them."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import httpx

from tests.platforms.fake_bot_api import FakeBotApi
from tests.platforms.fake_bot_api_chats import Person, Room, Shown
from tests.platforms.telegram_rig import SECRET

AGAIN = 0.2
"""Seconds after which an update that was not accepted is delivered again."""
CONNECTIONS = 32


@dataclass(frozen=True)
class Member:
    """Checks in among the others, with a word or by the board's button; then adds a note in private."""

    person: Person
    room: Room
    types: bool

    @property
    def note(self) -> str:
        return f"{self.person.name}的心得"


class Crowd:
    """``groups`` study groups of ``size`` people each and a secretary; every ``typing``-th types the word."""

    def __init__(self, fake: FakeBotApi, groups: int, size: int, typing: int = 4) -> None:
        self._fake = fake
        self.rooms = [fake.group(-100 - n, f"{n + 1}组") for n in range(groups)]
        self.secretaries = [fake.person(1 + n, f"书记{n + 1}") for n in range(groups)]
        self.members = [
            Member(fake.person(1001 + n, f"组员{n + 1}"), self.rooms[n % groups], n // groups % typing == 0)
            for n in range(groups * size)
        ]

    async def found(self) -> None:
        """Every group is bound, its secretary has checked in, and its board stands there."""
        for room, secretary in zip(self.rooms, self.secretaries, strict=True):
            room.statuses[secretary.id] = "administrator"
            self._fake.say(room, secretary, "绑定")
            self._fake.say(room, secretary, "打卡")
        await self._fake.settled()
        await self._fake.until(lambda: all(self.board(room) for room in self.rooms))

    def board(self, room: Room) -> Shown | None:
        return next((shown for shown in reversed(self._fake.said(room.id)) if "打卡" in _labels(shown)), None)

    def check_in(self, member: Member) -> None:
        if member.types:
            self._fake.say(member.room, member.person, "打卡")
        else:
            board = self.board(member.room)
            assert board is not None
            self._fake.press(board, "打卡", member.person)

    def add_a_note(self, member: Member) -> None:
        self._fake.say(self._fake.private(member.person), member.person, f"打卡 {member.note}")

    def expected(self) -> Counter[tuple[str, str]]:
        """(name, note) of every check-in there has to be, once everybody has said their two words."""
        noted = [(member.person.name, member.note) for member in self.members]
        return Counter([*noted, *((secretary.name, "") for secretary in self.secretaries)])


class Caller:
    """Telegram's server, calling the webhook for many chats at the same time, each update until it is accepted."""

    def __init__(self, fake: FakeBotApi, url: str) -> None:
        self._fake = fake
        self._url = url
        self._http = httpx.AsyncClient(
            headers={"X-Telegram-Bot-Api-Secret-Token": SECRET},
            limits=httpx.Limits(max_connections=CONNECTIONS),
            timeout=5,
        )
        self._calls: set[asyncio.Task[None]] = set()
        self._heard = asyncio.Event()
        self.accepted: Counter[int] = Counter()
        """update_id → times it was delivered and answered with 200."""
        self.tries = 0

    def deliver(self, *happenings: Callable[[], object]) -> None:
        """Let things happen one after another, each once what happened before was accepted."""
        self._calls.add(asyncio.create_task(self._each(happenings)))

    async def until_accepted(self, more: int) -> None:
        """Until so many more updates have been accepted than by now."""
        enough = self.accepted.total() + more
        while self.accepted.total() < enough:
            self._heard.clear()
            await self._heard.wait()

    async def done(self) -> None:
        await asyncio.gather(*self._calls)
        await self._http.aclose()

    async def _each(self, happenings: Iterable[Callable[[], object]]) -> None:
        for happening in happenings:
            for update_id, text in self._updates_of(happening):
                while not await self._accepted(text):  # noqa: ASYNC110 - as Telegram does it
                    await asyncio.sleep(AGAIN)
                self.accepted[update_id] += 1
                self._heard.set()

    def _updates_of(self, happening: Callable[[], object]) -> list[tuple[int, str]]:
        """(update_id, JSON), taken out of the fake's own hands."""
        updates: list[tuple[int, str]] = []

        def take(held: list[tuple[int, str]]) -> list[tuple[int, str]]:
            updates.extend(held)
            return []

        with self._fake.reordered(take):
            happening()
        return updates

    async def _accepted(self, text: str) -> bool:
        self.tries += 1
        try:
            return (await self._http.post(self._url, content=text.encode())).status_code == 200
        except httpx.HTTPError:
            return False


def _labels(shown: Shown) -> list[str]:
    return [label for row in shown.buttons for label, _ in row]
