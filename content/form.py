"""Takes the fields of a mapping one by one; what is missing, mistyped or left over becomes a fault."""

from __future__ import annotations

import re
from collections.abc import Sequence

from content.faults import Faults, quoted
from content.strict_yaml import Fields, Value
from content.web_address import is_web_address

_LONGEST_ADDRESS = 2000
_NUMBER = re.compile(r"[1-9][0-9]{0,5}")


class Form:
    """The fields of one file. ``first_line`` is where a field that is not there is reported."""

    def __init__(self, fields: Fields, first_line: int, known: Sequence[str], faults: Faults) -> None:
        self._fields = fields
        self._first_line = first_line
        self._faults = faults
        for name, value in fields.items():
            if name not in known:
                faults.add(value.line, "pack.field_unknown", field=quoted(name), known=", ".join(known))

    def has(self, name: str) -> bool:
        return name in self._fields

    def line(self, name: str) -> int:
        return self._fields[name].line if name in self._fields else self._first_line

    def text(self, name: str, longest: int, *, required: bool = True) -> str:
        """The field, on one line; "" where it is missing or no text."""
        value = self._take(name, required)
        given = word(value, name, self._faults) if value else None
        text = " ".join((given or "").split())
        if len(text) > longest:
            self._faults.add(self.line(name), "pack.too_long", field=name, count=len(text), most=longest)
        return text

    def choice(self, name: str, choices: Sequence[str], default: str | None = None) -> str | None:
        """One of ``choices``, the default where the field is not there, None where it is wrong."""
        if name not in self._fields and default is not None:
            return default
        text = self.text(name, 100)
        if text and text not in choices:
            at, options = self.line(name), ", ".join(choices)
            self._faults.add(at, "pack.not_a_choice", field=name, value=quoted(text), choices=options)
        return text if text in choices else None

    def number(self, name: str, default: int, most: int) -> int:
        """A whole number from 1 to ``most``."""
        value = self._fields.get(name)
        if value is None:
            return default
        if value.kind == "other" and _NUMBER.fullmatch(value.text) and int(value.text) <= most:
            return int(value.text)
        self._faults.add(value.line, "pack.bad_number", field=name, value=quoted(value.text), most=most)
        return default

    def address(self, name: str) -> str:
        text = self.text(name, _LONGEST_ADDRESS)
        if text and not is_web_address(text):
            self._faults.add(self.line(name), "pack.bad_link", link=quoted(text))
        return text

    def words(self, name: str) -> list[tuple[int, str]]:
        """(line, text) of each entry of a list, without those that are no text."""
        value = self._take(name, required=True)
        if value is None or value.kind == "empty":
            return []
        if value.kind != "list":
            self._faults.add(value.line, "pack.not_list", field=name)
            return []
        entries = ((entry.line, word(entry, name, self._faults)) for entry in value.items)
        return [(at, text) for at, text in entries if text]

    def _take(self, name: str, required: bool) -> Value | None:
        value = self._fields.get(name)
        if value is None and required:
            self._faults.add(self._first_line, "pack.field_missing", field=name)
        return value


def word(value: Value, field: str, faults: Faults) -> str | None:
    """The text of a value that must be text; unquoted, YAML reads ``yes`` and ``001`` as something else."""
    match value.kind:
        case "text" if value.text.strip():
            return value.text
        case "text" | "empty":
            faults.add(value.line, "pack.field_empty", field=field)
        case "boolean":
            faults.add(value.line, "pack.boolean", word=value.text)
        case "other":
            faults.add(value.line, "pack.needs_quotes", field=field, value=quoted(value.text))
        case _:
            faults.add(value.line, "pack.not_text", field=field)
    return None
