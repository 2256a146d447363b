"""A cycle template: the stages of an activity, when each opens and closes, and what each asks of people."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from domain.day import DAY_MINUTES
from domain.pack import KEY

Kind = Literal[
    "notice",
    "preview",
    "seminar",
    "live",
    "practice",
    "reflection",
    "review",
    "evaluation",
    "game",
    "study",
    "newsletter",
]
Form = Literal["online", "offline", "live"]
STAGES_MOST = 24
TITLE_CHARS = 40
TEXT_CHARS = 1000
LIST_MOST = 12
ENTRY_CHARS = 200

Text = Annotated[str, Field(max_length=TEXT_CHARS)]
Entry = Annotated[str, Field(min_length=1, max_length=ENTRY_CHARS)]
_SHOWS = r"[\p{L}\p{N}\p{P}\p{S}]"
Title = Annotated[
    str, Field(min_length=1, max_length=TITLE_CHARS, pattern=rf"^[^\n\r\t]*{_SHOWS}[^\n\r\t]*$")
]
"""On one line, and with something to see: it stands in lists and on buttons."""


class When(BaseModel):
    """An instant, told from another: ``days`` after the cycle's first day, or after the day stage ``after`` closes on.

    With ``weekday`` (0 is Monday) it is the first such day from there on. ``at`` is minutes from midnight in the group's zone.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    days: Annotated[int, Field(ge=0, le=366)] = 0
    after: str = ""
    weekday: Annotated[int, Field(ge=0, le=6)] | None = None
    at: Annotated[int, Field(ge=0, lt=DAY_MINUTES)] = 9 * 60


CRITERIA = {"zh": ("内容", "体会", "行动"), "en": ("Content", "Insight", "Action")}
"""What is marked where a template names nothing else, by its language."""


class Rubric(BaseModel):
    """What reviewers give marks for, from 1 to ``most`` each."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    criteria: Annotated[
        tuple[Annotated[str, Field(min_length=1, max_length=12)], ...], Field(min_length=1, max_length=5)
    ] = CRITERIA["zh"]
    most: Annotated[int, Field(ge=2, le=10)] = 5


class Weights(BaseModel):
    """What self-assessment, peers and the secretary count for in the composite; together 100."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    own: Annotated[int, Field(ge=0, le=100)] = 20
    peers: Annotated[int, Field(ge=0, le=100)] = 50
    secretary: Annotated[int, Field(ge=0, le=100)] = 30

    @model_validator(mode="after")
    def _make_a_hundred(self) -> Weights:
        if self.own + self.peers + self.secretary != 100:
            raise ValueError("weights")
        return self


class StageSpec(BaseModel):
    """One stage as a template has it. A field that its kind does not use is at its default."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: Annotated[str, Field(pattern=KEY)]
    kind: Kind
    title: Title
    form: Form = "online"
    opens: When = When()
    closes: When = When()
    remind: bool = True
    text: Text = ""
    """What is said when it opens, above what the kind says by itself."""
    materials: Annotated[tuple[Entry, ...], Field(max_length=LIST_MOST)] = ()
    """Web addresses or words of what to read; pushed and pinned where possible."""
    questions: Annotated[tuple[Entry, ...], Field(max_length=LIST_MOST)] = ()
    """Thinking questions of a preview, fields of a seminar's summary form, the survey of an evaluation."""
    own_questions: Annotated[int, Field(ge=0, le=10)] = 3
    """Up to so many a member may bring."""
    seats: Annotated[int, Field(ge=0, le=100_000)] = 0
    """Who signs up after these are taken waits; 0 is no limit."""
    groups: Annotated[int, Field(ge=0, le=50)] = 0
    """Sub-groups to be drawn; 0 for none."""
    chars: Annotated[int, Field(ge=0, le=5000)] = 200
    """User-perceived characters a reflection has at least, white space not counted."""
    photos: Annotated[int, Field(ge=0, le=9)] = 1
    goal: Annotated[int, Field(ge=1, le=1000)] = 10
    """Right answers with which a member has passed a game."""
    reviews: Annotated[int, Field(ge=1, le=10)] = 2
    """Reviews everyone gives and gets."""
    rubric: Rubric = Rubric()
    comment_chars: Annotated[int, Field(ge=0, le=500)] = 20
    blind: bool = True
    """Reviewers' names are not shown to the author."""
    weights: Weights = Weights()


class Template(BaseModel):
    """Raises ValueError with ``stage-key:word`` for the first fault of the order; the reader of files finds them all."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: Annotated[str, Field(pattern=KEY)]
    title: Title
    language: Literal["zh", "en"] = "zh"
    about: Text = ""
    stages: Annotated[tuple[StageSpec, ...], Field(min_length=1, max_length=STAGES_MOST)]

    @model_validator(mode="before")
    @classmethod
    def _with_criteria(cls, raw: Any) -> Any:
        """The usual ones are said in the template's language."""
        if (
            not isinstance(raw, dict)
            or raw.get("language") != "en"
            or not isinstance(raw.get("stages"), list)
        ):
            return raw
        return raw | {"stages": [_in_english(stage) for stage in raw["stages"]]}

    @model_validator(mode="after")
    def _in_order(self) -> Template:
        for place, what in disorder(self.stages):
            raise ValueError(f"{self.stages[place].key}:{what}")
        return self


def _in_english(stage: Any) -> Any:
    rubric = stage.get("rubric", {}) if isinstance(stage, dict) else None
    if not isinstance(rubric, dict):
        return stage
    return stage | {"rubric": {"criteria": CRITERIA["en"]} | rubric}


def disorder(stages: tuple[StageSpec, ...]) -> list[tuple[int, str]]:
    """(stage's place, what is wrong): ``twice``, or ``after`` for a time told from a stage that is not an earlier one.

    A stage may tell when it closes from itself: ``after`` is its own key then, and means the day it opens on.
    """
    found: list[tuple[int, str]] = []
    earlier: set[str] = set()
    for place, stage in enumerate(stages):
        if stage.key in earlier:
            found.append((place, "twice"))
        if stage.opens.after and stage.opens.after not in earlier:
            found.append((place, "after"))
        if stage.closes.after and stage.closes.after not in earlier | {stage.key}:
            found.append((place, "after"))
        earlier.add(stage.key)
    return found
