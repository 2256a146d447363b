"""One paragraph of Markdown as plain text: emphasis dropped, links written out, its lines joined."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

from content.faults import Faults, quoted
from content.web_address import is_web_address

_SOFT = "\x00"  # a line end of the source inside a paragraph; Markdown lets neither of the two through
_ADDRESS_END = "\x01"
_LINK = {
    "zh": "{text}（{url} ）",
    "en": "{text} ({url})",
}  # the space keeps Telegram from taking ） into the address


@dataclass(slots=True)
class Inline:
    """Writes the children of one ``inline`` token, whose first line is line ``at`` of its file."""

    at: int
    language: str
    faults: Faults
    _parts: list[str] = field(default_factory=list)
    _links: list[tuple[int, Token]] = field(default_factory=list)

    def write(self, tokens: Sequence[Token]) -> str:
        for token in tokens:
            self._token(token)
        return _flowing("".join(self._parts), self.language)

    def _token(self, token: Token) -> None:
        match token.type:
            case "text" | "code_inline":
                self._parts.append(token.content)
            case "softbreak" | "hardbreak":
                self.at += 1
                self._parts.append(_SOFT if token.type == "softbreak" else "\n")
            case "image":
                self._parts.append(_alternative(token))
            case "html_inline":
                self.faults.add(self.at, "pack.raw_html", html=quoted(token.content))
            case "link_open":
                self._links.append((len(self._parts), token))
            case "link_close":
                self._close(*self._links.pop())

    def _close(self, start: int, link: Token) -> None:
        url = str(link.attrs.get("href", ""))
        if not is_web_address(url):
            self.faults.add(self.at, "pack.bad_link", link=quoted(url))
        text = "".join(self._parts[start:])
        bare = link.info == "auto" or text.strip() in ("", url)
        pattern = _LINK.get(self.language, _LINK["zh"])
        self._parts[start:] = [url + _ADDRESS_END if bare else pattern.format(text=text, url=url)]


def _alternative(image: Token) -> str:
    """What a picture's brackets say; a picture inside them likewise."""
    texts = (_alternative(x) if x.type == "image" else x.content for x in image.children or ())
    return "".join(texts)


def _flowing(text: str, language: str) -> str:
    """Lines of one paragraph meet with a space between words, without one beside a Chinese character."""

    def fold(hit: re.Match[str]) -> str:
        return hit[1] + ("" if _wide(hit[1], language) or _wide(hit[2], language) else " ")

    text = re.sub(f"{_ADDRESS_END}(?=[^\\s\x00-\x2f])", " ", text).replace(_ADDRESS_END, "")
    return re.sub(f"(.?){_SOFT}(?=(.?))", fold, text, flags=re.DOTALL).strip()


def _wide(character: str, language: str) -> bool:
    # Quotation marks and dashes are of ambiguous width: they belong to the language around them.
    return bool(character) and unicodedata.east_asian_width(character) in (
        "WFA" if language == "zh" else "WF"
    )
