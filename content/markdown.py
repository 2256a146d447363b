"""Markdown into the plain text that every chat can show, structure told by line breaks and a few marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token

from content.faults import Faults, quoted
from content.inline import Inline

_QUOTES = {"zh": "「」", "en": "“”"}
_ALREADY_QUOTED = tuple("“‘「『《\"'")
_RULE = "———"
_DEEPEST = 12  # five lists inside each other; at 20 the parser itself gives up and leaves text out
_CLOSE_TOGETHER = {"bullet_list", "ordered_list", "list_item"}
_CONTAINERS = {*_CLOSE_TOGETHER, "blockquote"}


def plain_text(source: str, first_line: int, language: str, faults: Faults) -> str:
    """The text a member reads; ``source`` begins at ``first_line``. Raw HTML and odd links are faults."""
    tokens = _parser().parse(source)
    for token in tokens:
        if token.level >= _DEEPEST and token.map:
            faults.add(first_line + token.map[0], "pack.too_nested")
            break
    return _Writer(first_line, language, faults).write(tokens)


def _parser() -> MarkdownIt:
    """Takes every address as it stands: `Inline` judges it, and a reader should see what the author wrote.

    An indented line is a paragraph to a writer, not a program.
    """
    parser = MarkdownIt("commonmark").disable("code")
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    parser.normalizeLinkText = lambda link: link  # type: ignore[method-assign]
    return parser


@dataclass(slots=True)
class _Container:
    """A list, an entry or a quotation under way. ``number`` is that of a numbered list's next entry."""

    kind: str
    number: int | None = None
    parts: list[str] = field(default_factory=list)


class _Writer:
    """Walks the flat list of tokens with a stack of open containers: deep nesting costs no recursion."""

    def __init__(self, first_line: int, language: str, faults: Faults) -> None:
        self._first_line = first_line
        self._language = language
        self._faults = faults
        self._open = [_Container("document")]

    def write(self, tokens: Sequence[Token]) -> str:
        for token in tokens:
            self._token(token)
        return "\n\n".join(self._open[0].parts).strip()

    def _token(self, token: Token) -> None:
        at = self._first_line + (token.map[0] if token.map else 0)
        kind, _, end = token.type.rpartition("_")
        if token.type == "inline":
            self._say(Inline(at, self._language, self._faults).write(token.children or ()))
        elif token.type == "fence":
            self._say(token.content)
        elif token.type == "hr":
            self._say(_RULE)
        elif token.type == "html_block":
            self._faults.add(at, "pack.raw_html", html=quoted(token.content.strip()))
        elif kind in _CONTAINERS and end == "open":
            self._open.append(
                _Container(kind, int(token.attrs.get("start", 1)) if kind == "ordered_list" else None)
            )
        elif kind in _CONTAINERS:
            self._close(self._open.pop())

    def _close(self, inner: _Container) -> None:
        text = ("\n" if inner.kind in _CLOSE_TOGETHER else "\n\n").join(inner.parts)
        if inner.kind == "list_item" and text:
            text = _entry(text, self._open[-1])
        elif inner.kind == "blockquote" and text and not text.startswith(_ALREADY_QUOTED):
            text = text.join(_QUOTES.get(self._language, _QUOTES["zh"]))
        self._say(text)

    def _say(self, text: str) -> None:
        if text.strip():
            self._open[-1].parts.append(text.rstrip())


def _entry(text: str, around: _Container) -> str:
    mark = "· "
    if around.number is not None:
        mark = f"{around.number}. "
        around.number += 1
    return mark + text.replace("\n", "\n" + " " * len(mark))
