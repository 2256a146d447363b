"""What the people of the demonstration write and say in its sample activity."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from content import own_yaml

_FILE = Path(__file__).with_name("sample_activity.yaml")


class SamplePerson(BaseModel):
    """Marks and the words for them are in one text, as they are said: 「5 4 5 写得真诚」."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    picture: str
    """What the photo of the reflection shows (`bot/demo_pictures.py`)."""
    reflection: str
    said_of_it: tuple[str, ...]
    """Reviews, one for each who gives one."""
    own_marks: str
    survey: tuple[str, str, str]
    secretary: str
    """The secretary's marks for this person."""


class SampleActivity(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    people: Mapping[str, SamplePerson]
    said_of_others: tuple[str, ...]
    """Reviews of what a visitor wrote."""
    secretary_of_others: str
    overall: str


def sample_activity() -> SampleActivity:
    return SampleActivity.model_validate(own_yaml.load(_FILE))
