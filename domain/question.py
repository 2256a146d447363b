"""Questions and the banks they lie in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from domain.pack import KEY, MAX_SOURCE

QuestionKind = Literal["single", "multiple", "truefalse", "fill"]
KINDS: tuple[QuestionKind, ...] = ("single", "multiple", "truefalse", "fill")
OPTIONS_MOST = 12
"""Telegram's quiz polls have so many options (https://core.telegram.org/bots/api#sendpoll); more do not fit a phone."""
STEM_CHARS = 300
OPTION_CHARS = 100
EXPLANATION_CHARS = 200
ANSWER_CHARS = 100
TOPIC_CHARS = 40


class Question(BaseModel):
    """One question. Choices have ``options`` and the places of the ``right`` ones; fill-ins have ``answers``, any of which is right.

    True/false has no options of its own: ``right`` is (0,) for true and (1,) for false.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: Annotated[str, Field(pattern=KEY)]
    kind: QuestionKind
    stem: Annotated[str, Field(min_length=1, max_length=STEM_CHARS)]
    options: tuple[Annotated[str, Field(min_length=1, max_length=OPTION_CHARS)], ...] = ()
    right: tuple[int, ...] = ()
    answers: tuple[Annotated[str, Field(min_length=1, max_length=ANSWER_CHARS)], ...] = ()
    explanation: Annotated[str, Field(max_length=EXPLANATION_CHARS)] = ""
    source: Annotated[str, Field(max_length=MAX_SOURCE)] = ""
    topic: Annotated[str, Field(max_length=TOPIC_CHARS)] = ""
    item: str = ""
    """Key of the pack's item that the question belongs to, "" for none."""

    @model_validator(mode="after")
    def _can_be_answered(self) -> Question:
        """Raises ValueError with a short English word for the fault: the reader of files says it properly, with its place."""
        if self.kind == "fill":
            if not self.answers or self.options or self.right:
                raise ValueError("fill")
            return self
        count = 2 if self.kind == "truefalse" else len(self.options)
        if self.answers or (self.kind == "truefalse") == bool(self.options):
            raise ValueError("options")
        if not 2 <= count <= OPTIONS_MOST or len(set(self.options)) < len(self.options):
            raise ValueError("options")
        if not self.right or any(not 0 <= place < count for place in self.right):
            raise ValueError("right")
        if len(set(self.right)) < len(self.right) or (self.kind != "multiple" and len(self.right) != 1):
            raise ValueError("right")
        return self


@dataclass(frozen=True, slots=True)
class Bank:
    """A set of questions under an id of its own; a pack's bank bears the pack's id."""

    id: str
    title: str
    language: str
    questions: tuple[Question, ...]
