"""A study pack: an ordered set of items for daily study, each with its source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

ItemKind = Literal["text", "link", "picture", "audio", "video"]
Key = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,47}$")]


class Item(BaseModel):
    """One day's study. ``body`` is plain text, paragraphs parted by an empty line."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: Key
    title: Annotated[str, Field(min_length=1, max_length=80)]
    kind: ItemKind = "text"
    body: Annotated[str, Field(min_length=1, max_length=3000)]
    media: str | None = None
    """Web address, or a path below the folder where pack media are kept."""
    link: str | None = None
    source: Annotated[str, Field(min_length=1, max_length=400)]
    minutes: Annotated[int, Field(ge=1, le=240)] = 5


@dataclass(frozen=True, slots=True)
class Pack:
    id: str
    title: str
    language: str
    description: str
    items: tuple[Item, ...]
