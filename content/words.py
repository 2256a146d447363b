"""The words people command the bot with, in every language and script, from `texts/words.yaml`."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import opencc

from content import own_yaml

_FILE = Path(__file__).parent / "texts" / "words.yaml"
_SCRIPTS = ("s2t", "s2tw", "s2hk")
"""Written simplified in the file; known in the traditional scripts of the mainland, Taiwan and Hong Kong as well."""

Table = Mapping[str, Mapping[str, list[str]]]


class Words:
    """Looks up commands and settings by any of their words. Raises ValueError where one word would mean two things."""

    def __init__(self, commands: Table, settings: Table) -> None:
        self._commands, self._settings = commands, settings
        converters = [opencc.OpenCC(script) for script in _SCRIPTS]
        self._command_of = _inverted(commands, converters)
        self._setting_of = _inverted(settings, converters)

    @classmethod
    @cache
    def load(cls, path: Path = _FILE) -> Words:
        raw = own_yaml.load(path)
        return cls(raw["commands"], raw["settings"])

    @property
    def commands(self) -> Table:
        """command → language → its words, the usual one first."""
        return self._commands

    def command(self, word: str) -> str | None:
        """The command a folded word means (`domain.wording.read` folds it)."""
        return self._command_of.get(word)

    def all_words(self) -> list[str]:
        """Every word of every command as written in the file."""
        return [
            word for languages in self._commands.values() for words in languages.values() for word in words
        ]

    def setting(self, word: str) -> str | None:
        return self._setting_of.get(fold(word))

    def word(self, language: str, command: str) -> str:
        """The usual word for a command, as a person would type it."""
        return self._commands[command][language][0]

    def setting_word(self, language: str, setting: str) -> str:
        return self._settings[setting][language][0]


def fold(word: str) -> str:
    """One width and one case."""
    return unicodedata.normalize("NFKC", word).strip().casefold()


def _inverted(table: Table, converters: list[opencc.OpenCC]) -> dict[str, str]:
    meanings: dict[str, str] = {}
    for name, languages in table.items():
        for written in (word for words in languages.values() for word in words):
            for variant in {fold(written), *(fold(c.convert(written)) for c in converters)}:
                if meanings.setdefault(variant, name) != name:
                    raise ValueError(f"{variant!r} means both {meanings[variant]} and {name}")
    return meanings
