"""Our SQL names its parameters (``:group``); PostgreSQL numbers them (``$1``). Each text is translated once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

# What may hold a colon that is no parameter comes first: quoted text and names, comments, casts.
_TOKENS = re.compile(
    r"""'(?:[^']|'')*' | "(?:[^"]|"")*" | --[^\n]* | /\*.*?\*/ | :: | :(?P<name>[A-Za-z_]\w*)""",
    re.VERBOSE | re.DOTALL,
)


@lru_cache(maxsize=1024)
def numbered(sql: str) -> tuple[str, tuple[str, ...]]:
    """The text with ``$n`` for each ``:name``, and the names in the order of their numbers. A name used twice has one number."""
    names: dict[str, int] = {}

    def number(token: re.Match[str]) -> str:
        name = token["name"]
        return token[0] if name is None else f"${names.setdefault(name, len(names) + 1)}"

    return _TOKENS.sub(number, sql), tuple(names)


def in_order(names: tuple[str, ...], params: Mapping[str, Any]) -> list[Any]:
    """The values in the order of ``names``. Raises TypeError when a name has no value, or a value no name."""
    if len(names) != len(params) or any(name not in params for name in names):
        missing = [name for name in names if name not in params]
        unknown = [name for name in params if name not in names]
        raise TypeError(f"parameters of the SQL do not fit: missing {missing}, unknown {unknown}")
    return [params[name] for name in names]
