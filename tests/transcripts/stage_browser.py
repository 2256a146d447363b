"""The browser chat: the real pages over loopback, entered by one-time links, acted on by posting, and read from their open streams."""

from __future__ import annotations

from contextlib import AsyncExitStack
from itertools import count
from json import dumps
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from bot.operation.links import Who, login_link
from bot.platforms.browser import BrowserFacts, BrowserTransport
from storage import logins, overview, talk
from storage.media import FolderStore
from tests.platforms.loopback import serve
from tests.transcripts.open_page import Ended, OnPage, OpenPage
from tests.transcripts.script import Seen
from tests.transcripts.seeing import Eyes, Stands
from tests.transcripts.stage import Sending
from tests.transcripts.works import PUBLIC_URL, Works
from web.app import create_app
from web.chat import PRIVATE
from web.hub import Hub
from web.session import SESSION
from web.site import Site

_FAR = 1000
"""More changes than one step makes."""


class BrowserStage:
    platform = "browser"
    account = "site"
    offers: frozenset[str] = frozenset()

    def __init__(self) -> None:
        self._eyes = Eyes()
        self._stack = AsyncExitStack()
        self._hub = Hub()
        self._browsers: dict[str, httpx.AsyncClient] = {}
        self._people: dict[str, int] = {}
        self._chats: dict[str, str] = {}
        self._pages: dict[str, list[OpenPage]] = {}
        """Of each chat, one for everybody in it; the first that may still listen is read."""
        self._read: dict[str, int] = {}
        """Chat → the latest change that was looked at."""
        self._secrets = count()
        self._posts = count()

    def user_id(self, name: str) -> str:
        return str(self._people[name])

    def chat_id(self, chat: str) -> str:
        return self._chats[chat]

    async def open(self, works: Works, needs: frozenset[str]) -> None:
        self._works = works
        works.invitation = lambda payload: PUBLIC_URL + PRIVATE
        folder = self._stack.enter_context(TemporaryDirectory())
        uploads = FolderStore(Path(folder), works.clock)
        transport = BrowserTransport(
            works.database, self._hub, works.clock, works.core.ids, makers=works.core.makers
        )
        works.speak_through(transport, BrowserFacts(uploads))
        site = Site(
            database=works.database,
            texts=works.core.texts,
            hear=works.core.dispatcher.hear,
            hub=self._hub,
            clock=works.clock,
            ids=works.core.ids,
            token=self._secret,
            uploads=uploads,
            photos=works.photos,
            makes=works.core.makers,
            # Time passes from one act to the next, or people would be found to post too fast.
            passing=lambda: float(next(self._posts)),
        )
        self._url = await self._stack.enter_async_context(serve(create_app(site)))
        self._stack.callback(self._hub.close)

    def _secret(self) -> str:
        return f"secret-of-the-browser-{next(self._secrets):08d}"

    async def enter(self, chat: str, people: tuple[str, ...], administrators: tuple[str, ...]) -> None:
        for name in people:
            await self._enter(chat, name)

    async def _enter(self, chat: str, name: str) -> None:
        """By a link that the operator makes, as ``xueban login-link --new --group`` does."""
        works = self._works
        who = Who(self._people.get(name), name, chat, new=True)
        link, _ = await login_link(works.database, who, self._url, self._secret(), works.core.ids, works.now)
        browser = self._browsers.get(name) or await self._new_browser(name)
        assert (await browser.post(link)).status_code == 303
        assert (await browser.get("/")).status_code == 200
        person = await works.database.read(logins.visitor, browser.cookies[SESSION], works.now)
        assert person is not None
        self._people[name] = person
        rooms = await works.database.read(overview.rooms, self.account, person)
        self._open_page(chat, next(room.chat_id for room in rooms if room.title == chat), browser)
        if name not in self._pages:
            self._open_page(name, f"p{person}", browser)

    async def _new_browser(self, name: str) -> httpx.AsyncClient:
        ours = {"origin": self._url, "accept": "application/json"}
        browser = httpx.AsyncClient(base_url=self._url, headers=ours, timeout=10, verify=False)
        self._browsers[name] = await self._stack.enter_async_context(browser)
        return self._browsers[name]

    def _open_page(self, chat: str, chat_id: str, browser: httpx.AsyncClient) -> None:
        self._chats[chat] = chat_id
        page = OpenPage(browser, chat_id)
        self._pages.setdefault(chat, []).append(page)
        self._stack.push_async_callback(page.close)

    async def stand(self, chat: str, who: str, change: str) -> None:
        raise NotImplementedError("nobody lets the bot into a chat of its own house")

    async def say(self, chat: str, who: str, text: str, answers: str, file: Sending | None = None) -> None:
        called = [
            {"name": name, "id": str(person)} for name, person in self._people.items() if f"@{name}" in text
        ]
        posted: dict[str, object] = {"text": text, "mentions": called}
        if answers:
            posted["reply_to"] = str(self._eyes.newest_of(chat, answers))
        await self._post(chat, who, "messages", posted, file)

    async def press(self, chat: str, who: str, label: str) -> None:
        message, payload = self._eyes.button(chat, label)
        await self._post(chat, who, "press", {"action": payload, "message": str(message)})

    async def _post(
        self,
        chat: str,
        who: str,
        what: str,
        posted: dict[str, object],
        file: Sending | None = None,
    ) -> None:
        posted["key"] = f"key-{next(self._posts):08d}"
        body: dict[str, Any] = {"json": posted}
        if file:
            body = {
                "data": posted | {"mentions": dumps(posted["mentions"])},
                "files": {"file": (file.name, file.content)},
            }
        answer = await self._browsers[who].post(f"/chat/{self._chats[chat]}/{what}", **body)
        assert answer.status_code == 200, answer.text
        self._eyes.toast(chat, who, answer.json()["toast"])

    async def seen(self) -> list[Seen]:
        for chat in self._pages:
            self._eyes.look(chat, await self._news(chat))
        return self._eyes.taken()

    async def _news(self, chat: str) -> list[Stands]:
        """What the open page was told, once it was told all that changed."""
        since = self._read.get(chat, 0)
        changed = await self._works.database.read(talk.since, self._chats[chat], since, _FAR)
        self._read[chat] = max([since, *(said.version for said in changed)])
        names = {str(person): name for name, person in self._people.items()} | {talk.BOT: ""}
        told = await self._told(chat, [(said.id, said.version) for said in changed])
        await self._open_files(chat, told)
        return [
            Stands(shown.id, names[shown.by], shown.text, shown.buttons, shown.marked, shown.file)
            for shown in told
        ]

    async def _open_files(self, chat: str, told: list[OnPage]) -> None:
        """What the page offers can be opened."""
        for shown in told:
            if shown.file and shown.by == talk.BOT:
                answer = await self._pages[chat][0].open_file(shown.id)
                assert (answer.status_code, bool(answer.content)) == (200, True)

    async def _told(self, chat: str, changes: list[tuple[int, int]]) -> list[OnPage]:
        while True:
            try:
                return await self._pages[chat][0].told(changes)
            except Ended:  # whoever was erased sees nothing any more
                self._pages[chat].pop(0)

    async def close(self) -> None:
        self._hub.close()
        await self._stack.aclose()
