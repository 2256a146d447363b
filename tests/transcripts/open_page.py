"""An open page of the browser chat: its stream of events, and what a reader sees of the messages in it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from html.parser import HTMLParser

import httpx
import orjson

PATIENCE = 10.0
"""Seconds that a test waits for a page to be told of something before it fails."""


class Ended(Exception):
    """The page may listen no longer."""


@dataclass
class OnPage:
    """One message, read off the page."""

    id: int = 0
    by: str = ""
    title: str = ""
    words: str = ""
    buttons: tuple[tuple[tuple[str, str], ...], ...] = ()
    marked: bool = False
    file: str = ""

    @property
    def text(self) -> str:
        return "\n".join(part for part in (self.title, self.words) if part)


class OpenPage:
    """Listens from the moment it is made until it is closed."""

    def __init__(self, browser: httpx.AsyncClient, chat_id: str) -> None:
        self._browser = browser
        self._path = f"/chat/{chat_id}/stream?since=0"
        self._told: dict[tuple[int, int], str] = {}
        """(id, version) → the message in HTML."""
        self._grown = asyncio.Event()
        self._listening = asyncio.create_task(self._listen())

    async def told(self, changes: Iterable[tuple[int, int]]) -> list[OnPage]:
        """Those messages, as soon as the page has been told of each in that version. Raises `Ended` and TimeoutError."""
        wanted = sorted(changes)
        async with asyncio.timeout(PATIENCE):
            while any(change not in self._told for change in wanted):
                self._grown.clear()
                if self._listening.done():
                    await self._listening
                    raise Ended
                await self._grown.wait()
        return [_read(self._told[change]) for change in wanted]

    async def open_file(self, message: int) -> httpx.Response:
        """The file that came with the message, as this page's reader gets it."""
        chat = self._path.removesuffix("/stream?since=0")
        return await self._browser.get(f"{chat}/messages/{message}/file")

    async def close(self) -> None:
        self._listening.cancel()
        with suppress(asyncio.CancelledError):
            await self._listening

    async def _listen(self) -> None:
        try:
            async with self._browser.stream("GET", self._path, timeout=None) as answer:
                assert answer.status_code == 200
                kind = ""
                async for line in answer.aiter_lines():
                    name, _, value = line.partition(": ")
                    if name == "event":
                        kind = value
                    elif name == "data" and kind == "message":
                        self._take(orjson.loads(value))
        finally:
            self._grown.set()

    def _take(self, told: dict[str, str]) -> None:
        self._told[int(told["id"]), int(told["version"])] = told["html"]
        self._grown.set()


def _read(html: str) -> OnPage:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.message


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.message = OnPage()
        self._rows: list[list[tuple[str, str]]] = []
        self._into: str | None = None
        self._payload = ""
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        match tag, has.get("class", ""):
            case "li", _ if "data-id" in has:
                self.message.id, self.message.by = int(has["data-id"]), has["data-sender"]
            case "p", "title" | "text":
                self._into, self._text = f"p {has['class']}", ""
            case "span", "row":
                self._rows.append([])
            case "button", "key":
                self._into, self._text, self._payload = "button", "", has["value"]
            case "img", "made" | "made long":
                self.message.file = f"🖼 {has['alt']}"
            case "bdi", "file-name":
                self._into, self._text = "bdi", ""
            case "span", "mark":
                self.message.marked = True

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if self._into is None or self._into.partition(" ")[0] != tag:
            return
        if tag == "button":
            self._rows[-1].append((self._text, self._payload))
            self.message.buttons = tuple(tuple(row) for row in self._rows)
        elif tag == "bdi":
            self.message.file = f"📎 {self._text}"
        elif self._into == "p title":
            self.message.title = self._text
        else:
            self.message.words = self._text
        self._into = None
