"""What the pages need from the rest of the program, handed over by `bot/main.py`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Protocol

from domain.group import Language
from domain.ids import Ids
from domain.incoming import Incoming
from domain.message import Line
from domain.outgoing import Makes
from storage.media import MediaStore
from storage.tx import Database
from web.demo import Demo
from web.hub import Hub

PLATFORM = "browser"
UPLOAD_BYTES = 5 * 1024 * 1024
"""Some ten thousand questions in a table; it is read into memory whole."""


class Says(Protocol):
    """The texts, as the pages see them."""

    def say(self, language: Language, line: Line, /) -> str: ...


class Heard(Protocol):
    """What comes back at once when something was heard."""

    @property
    def toast(self) -> str: ...


@dataclass(frozen=True)
class Site:
    """One browser chat: where its messages are kept, who hears them, and how its pages speak."""

    database: Database
    texts: Says
    hear: Callable[[Incoming], Awaitable[Heard]]
    hub: Hub
    clock: Callable[[], int]
    """Now, UTC epoch milliseconds; in the demonstration it is moved by hand."""
    ids: Ids
    token: Callable[[], str]
    """A fresh secret, URL-safe and of at least 128 bits."""
    demo: Demo | None = None
    media: Path | None = None
    """The folder that pack media lie in."""
    uploads: MediaStore | None = None
    """Where what people attach is kept until the bot has read it; without it nothing can be attached."""
    photos: MediaStore | None = None
    """Where people's pictures are kept, by the hash in their rows (storage/pictures.py); without it they are only named."""
    upload_bytes: int = UPLOAD_BYTES
    """Largest file that may be attached."""
    makes: Makes | None = None
    """Who makes the bot's files for those who open them."""
    account: str = "site"
    passing: Callable[[], float] = field(default=monotonic)
    """Seconds that really pass, for rate limits and heartbeats: the demonstration's clock may stand still."""
