"""Where a transcript is played: the same people and chats, on one platform or another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple, Protocol

from tests.transcripts.script import BOT, Seen
from tests.transcripts.seeing import Eyes, Stands
from tests.transcripts.works import Works

_COMMAND = re.compile(r"/[a-z0-9_]+\b")

HUSHED = "privacy-mode"
ALBUMS = "albums"
POLLS = "polls"
VOTE = "vote"
"""How the payload of an option of a poll begins; the poll and the option's place follow, parted by spaces."""


class Sending(NamedTuple):
    """A file that a person sends."""

    name: str
    content: bytes
    album: str = ""

    @property
    def kind(self) -> Literal["photo", "video", "document"]:
        """As what phones send a file of that name."""
        if self.name.endswith((".jpg", ".png")):
            return "photo"
        return "video" if self.name.endswith(".mp4") else "document"


class Stage(Protocol):
    """One platform, as people use it."""

    platform: str
    account: str
    offers: frozenset[str]
    """Which of the needs of tests/transcripts/script.py it can meet."""

    def user_id(self, name: str) -> str: ...

    def chat_id(self, chat: str) -> str:
        """Of a group, or of the private chat of the person of that name."""
        ...

    async def open(self, works: Works, needs: frozenset[str]) -> None: ...

    async def enter(self, chat: str, people: tuple[str, ...], administrators: tuple[str, ...]) -> None:
        """These people are in that chat, and may open their private chats with the bot."""
        ...

    async def stand(self, chat: str, who: str, change: str) -> None:
        """``who`` has the bot added, removed, promoted or demoted, closes its latest poll, leaves the chat or comes back."""
        ...

    async def say(self, chat: str, who: str, text: str, answers: str, file: Sending | None = None) -> None:
        """Returns when the platform was told that it was heard. ``answers``: whose latest message it answers."""
        ...

    async def press(self, chat: str, who: str, label: str) -> None:
        """A button, or an option of a poll; several options with 、 between."""
        ...

    async def seen(self) -> list[Seen]:
        """What showed up since the last time, in the order of `tests.transcripts.seeing`."""
        ...

    async def close(self) -> None: ...


def poll_stands(message: int, question: str, options: Sequence[str], poll_id: str, closed: bool) -> Stands:
    """A poll as people see it; its options can be pressed until it is closed."""
    buttons = tuple(((option, f"{VOTE} {poll_id} {place}"),) for place, option in enumerate(options))
    return Stands(message, "", f"📊 {question}" + "（已结束）" * closed, () if closed else buttons)


def chosen(eyes: Eyes, chat: str, label: str) -> tuple[str, tuple[int, ...]] | None:
    """(poll, places) where the label is of options of a poll."""
    payloads = [eyes.button(chat, option)[1].split(" ") for option in label.split("、")]
    if any(payload[0] != VOTE for payload in payloads):
        return None
    return payloads[0][1], tuple(int(payload[2]) for payload in payloads)


def is_heard_by_the_hushed(text: str, answers: str) -> bool:
    """What a bot in privacy mode hears of a group: commands as the platform knows them, and answers to itself."""
    return answers == BOT or _COMMAND.match(text) is not None
