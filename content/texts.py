"""The one place where what the bot says becomes words: templates of content/texts/{zh,en}.yaml, filled in.

Templates know only plain ``{name}``. A value is put in as it is and never read as a template again,
whatever braces it holds.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import yaml

from content import own_yaml
from domain.group import LANGUAGES
from domain.message import Line, Param

FOLDER = Path(__file__).parent / "texts"
COMMA = "list.comma"
"""The text that stands between the members of a list."""

_NAME = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Texts:
    """All texts of all languages, parsed once."""

    def __init__(self, sources: Mapping[str, Mapping[str, str]]) -> None:
        """``sources``: language → dotted key → template."""
        self._templates = {
            language: {key: tuple(_NAME.split(template)) for key, template in texts.items()}
            for language, texts in sources.items()
        }

    @classmethod
    @cache
    def load(cls, folder: Path = FOLDER) -> Texts:
        return cls({language: dict(_entries(folder, language)) for language in LANGUAGES})

    def say(self, language: str, line: Line) -> str:
        """The line in words. Raises KeyError naming the key that is unknown or lacks a parameter."""
        parts = self._templates[language][line.key]
        if len(parts) == 1:
            return parts[0]
        words = list(parts)
        for place in range(1, len(parts), 2):
            name = parts[place]
            if name not in line.params:
                raise KeyError(f"{line.key}: {{{name}}} is not given")
            words[place] = self._value(language, line.params[name])
        return "".join(words)

    def parameters(self, language: str) -> dict[str, frozenset[str]]:
        """Key → the names its template takes."""
        return {key: frozenset(parts[1::2]) for key, parts in self._templates[language].items()}

    def _value(self, language: str, value: Param) -> str:
        if isinstance(value, str):
            return tame(value)
        if isinstance(value, Line):
            return self.say(language, value)
        if isinstance(value, tuple):
            comma = self.say(language, Line(COMMA))
            return comma.join(self.say(language, one) for one in value)
        return str(value)


def tame(text: str) -> str:
    """Somebody's words without what would disturb the words around them.

    That is control characters other than tab and newline, direction overrides and halves of surrogate pairs.
    Joiners stay: emoji are made of them.
    """
    return text if text.isprintable() else "".join(filter(_harmless, text))


def faults(folder: Path = FOLDER) -> list[str]:
    """Everything wrong with the texts of a folder, all at once."""
    files = {language: list(_entries(folder, language)) for language in LANGUAGES}
    found = [fault for language, entries in files.items() for fault in _faults_of(language, entries)]
    taken = Texts({language: dict(entries) for language, entries in files.items()})
    names: dict[str, dict[str, frozenset[str]]] = {language: taken.parameters(language) for language in files}
    for key in sorted({key for keys in names.values() for key in keys}):
        found += _differences(key, names)
    return found


def _entries(folder: Path, language: str) -> Iterator[tuple[str, str]]:
    """(dotted key, template) in the order of the file, a repeated key repeatedly. ``no`` is text."""
    root = own_yaml.compose(folder / f"{language}.yaml")
    return _leaves("", root) if root is not None else iter(())


def _leaves(prefix: str, node: yaml.Node) -> Iterator[tuple[str, str]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _leaves(f"{prefix}.{key.value}" if prefix else str(key.value), value)
    elif isinstance(node, yaml.ScalarNode):
        yield prefix, node.value
    else:
        raise ValueError(f"{prefix} is neither a text nor a section{node.start_mark}")


def _faults_of(language: str, entries: list[tuple[str, str]]) -> Iterator[str]:
    seen = set()
    for key, template in entries:
        if key in seen:
            yield f"{language}: {key} is written twice"
        if not template.strip():
            yield f"{language}: {key} is empty"
        if set("{}") & set(_NAME.sub("", template)):
            yield f"{language}: {key} has a brace that is not a plain {{name}}"
        seen.add(key)


def _differences(key: str, taken: Mapping[str, Mapping[str, frozenset[str]]]) -> Iterator[str]:
    having = {language: keys[key] for language, keys in taken.items() if key in keys}
    for language in sorted(taken.keys() - having.keys()):
        yield f"{language}: {key} is missing"
    if len(set(having.values())) > 1:
        told = (f"{one} takes {', '.join(sorted(names)) or 'none'}" for one, names in having.items())
        yield f"{key}: parameters differ: {'; '.join(told)}"


def _harmless(character: str) -> bool:
    if character in "\n\t":
        return True
    return unicodedata.category(character) not in ("Cc", "Cs") and character not in _DIRECTIONS
