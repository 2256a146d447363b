"""Where a transcript is played: the same people and chats, on one platform or another."""

from __future__ import annotations

import re
from typing import Protocol

from tests.transcripts.script import Seen
from tests.transcripts.works import Works

_COMMAND = re.compile(r"/[a-z0-9_]+\b")

HUSHED = "privacy-mode"


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
        """``who`` has the bot added, removed, promoted or demoted."""
        ...

    async def say(self, chat: str, who: str, text: str, answers: bool) -> None:
        """Returns when the platform was told that it was heard."""
        ...

    async def press(self, chat: str, who: str, label: str) -> None: ...

    async def seen(self) -> list[Seen]:
        """What showed up since the last time, in the order of `tests.transcripts.seeing`."""
        ...

    async def close(self) -> None: ...


def is_heard_by_the_hushed(text: str, answers: bool) -> bool:
    """What a bot in privacy mode hears of a group: commands as the platform knows them, and answers to itself."""
    return answers or _COMMAND.match(text) is not None
