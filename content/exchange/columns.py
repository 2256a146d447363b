"""The words in which tables of questions are written, from `texts/columns.yaml`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import opencc

from content import own_yaml
from domain.group import Language
from domain.question import Question, QuestionKind

_FILE = Path(__file__).parents[1] / "texts" / "columns.yaml"
_DROPPED = re.compile(r"[\s*:_]")
_NUMBER = re.compile(r"[1-9][0-9]?")


class Columns:
    """Looks up what a word of a table means, whatever its width, case and script."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self._raw = raw
        self._simplified = opencc.OpenCC("t2s")
        self._columns = self._inverted(raw["columns"])
        self._kinds = self._inverted(raw["kinds"])
        self._option = re.compile("(?:" + "|".join(map(self._fold, raw["option"].values())) + ")")

    @classmethod
    def load(cls, path: Path = _FILE) -> Columns:
        return cls(own_yaml.load(path))

    def column(self, head: str) -> str | int | None:
        """The field, the place of the option (from 0), or None for a column that is no concern of ours."""
        folded = self._fold(head)
        if folded in self._columns:
            return self._columns[folded]
        letter = self._option.sub("", folded, count=1)
        if len(letter) == 1 and "a" <= letter <= "z":
            return ord(letter) - ord("a")
        return int(letter) - 1 if letter != folded and _NUMBER.fullmatch(letter) else None

    def kind(self, word: str) -> QuestionKind | None:
        found: QuestionKind | None = self._kinds.get(self._fold(word))  # type: ignore[assignment]
        return found

    def sheet(self, language: Language) -> str:
        return str(self._raw["sheet"][language])

    def head(self, name: str, language: Language) -> str:
        return str(self._raw["columns"][name][language][0])

    def kind_word(self, kind: QuestionKind, language: Language) -> str:
        return str(self._raw["kinds"][kind][language][0])

    def truth_word(self, right: int, language: Language) -> str:
        return str(self._raw["truth"]["false" if right else "true"][language])

    def examples(self, language: Language) -> tuple[Question, ...]:
        return tuple(Question.model_validate(example) for example in self._raw["examples"][language])

    def _inverted(self, table: Mapping[Any, Mapping[str, list[str]]]) -> dict[str, str]:
        return {
            self._fold(word): str(name)
            for name, languages in table.items()
            for words in languages.values()
            for word in words
        }

    def _fold(self, word: str) -> str:
        if len(word) > 40:
            return word
        plain = _DROPPED.sub("", unicodedata.normalize("NFKC", word).casefold())
        return plain if plain.isascii() else str(self._simplified.convert(plain))
