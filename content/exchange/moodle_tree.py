"""A Moodle XML file one question at a time, each element with its line, so that a long file never stands in memory as a whole."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl, Locator

from defusedxml.common import DefusedXmlException
from defusedxml.sax import parseString

from content.exchange.plain import from_html
from content.faults import Faults, quoted
from domain.message import Param

DEEPEST = 12
"""A question nests six deep."""

_DECLARATION = re.compile(r"\A\s*<\?xml[^<>]*\?>")
_PLAIN = ("plain_text", "markdown")


@dataclass(slots=True)
class Node:
    name: str
    line: int
    attributes: dict[str, str]
    parts: list[str] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)

    def all(self, name: str) -> list[Node]:
        return [child for child in self.children if child.name == name]

    def one(self, name: str) -> Node:
        """The first child of that name, an empty one if there is none."""
        return next(iter(self.all(name)), Node(name, self.line, {}))

    def raw(self) -> str:
        """Moodle puts most of its words into a child ``text``."""
        return "".join((self.all("text") or [self])[0].parts)

    def words(self) -> str:
        format = self.attributes.get("format", "html")
        if format in _PLAIN:
            return self.raw()
        return from_html(self.raw(), keep_lines=format != "html")


class Refused(Exception):
    """The rest of the file is not read."""

    def __init__(self, at: int, key: str, **params: Param) -> None:
        super().__init__(key)
        self.at = at
        self.key = key
        self.params = params


class _Questions(ContentHandler):
    def __init__(self, take: Callable[[Node], None]) -> None:
        super().__init__()
        self._take = take
        self._locator: Locator | None = None
        self._open: list[Node] = []

    def setDocumentLocator(self, locator: Locator) -> None:
        self._locator = locator

    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        line = (self._locator.getLineNumber() if self._locator else None) or 1
        if not self._open and name != "quiz":
            raise Refused(line, "exchange.not_quiz")
        if len(self._open) >= DEEPEST:
            raise Refused(line, "exchange.xml_nested")
        node = Node(name, line, dict(attrs.items()))
        if len(self._open) > 1:
            self._open[-1].children.append(node)
        self._open.append(node)

    def characters(self, content: str) -> None:
        if len(self._open) > 1 and self._open[-1].name != "file":
            self._open[-1].parts.append(content)

    def endElement(self, name: str) -> None:
        node = self._open.pop()
        if len(self._open) == 1 and name == "question":
            self._take(node)


def read_questions(text: str, take: Callable[[Node], None], faults: Faults) -> None:
    """Hands each ``question`` to ``take``, up to where the file is broken; ``take`` may raise `Refused`."""
    # The text is decoded already: what the file says of its encoding holds no more.
    text = _DECLARATION.sub(lambda said: "\n" * said[0].count("\n"), text)
    try:
        parseString(text.encode(), _Questions(take), forbid_dtd=True)
    except Refused as refused:
        faults.add(refused.at, refused.key, **refused.params)
    except SAXParseException as broken:
        problem = quoted(broken.getMessage() or "")
        faults.add(broken.getLineNumber() or 1, "exchange.xml_broken", problem=problem)
    except DefusedXmlException:
        faults.add(1, "exchange.xml_entities")
