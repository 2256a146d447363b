"""A study pack: an ordered set of items for daily study, each with its source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

ItemKind = Literal["text", "link", "picture", "audio", "video"]

MAX_TITLE = 80
MAX_BODY = 3000
MAX_SOURCE = 400
MAX_MINUTES = 240
KEY = r"^[a-z0-9][a-z0-9-]{0,47}$"

Key = Annotated[str, Field(pattern=KEY)]


class Item(BaseModel):
    """One day's study. ``body`` is plain text, paragraphs parted by an empty line."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: Key
    title: Annotated[str, Field(min_length=1, max_length=MAX_TITLE)]
    kind: ItemKind = "text"
    body: Annotated[str, Field(min_length=1, max_length=MAX_BODY)]
    media: str | None = None
    """Web address, or a path below the folder where pack media are kept."""
    link: str | None = None
    source: Annotated[str, Field(min_length=1, max_length=MAX_SOURCE)]
    minutes: Annotated[int, Field(ge=1, le=MAX_MINUTES)] = 5


@dataclass(frozen=True, slots=True)
class Pack:
    id: str
    title: str
    language: str
    description: str
    items: tuple[Item, ...]
