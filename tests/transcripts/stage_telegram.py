"""Telegram: the real adapter, by webhook or by polling, over loopback to a fake Bot API."""

from __future__ import annotations

import asyncio
import re
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random
from typing import Any

from starlette.applications import Starlette

from bot.platforms.telegram import TelegramAccount, TelegramIngress, WebhookAddress
from bot.running import menu
from tests.platforms.fake_bot_api import FakeBotApi
from tests.platforms.fake_bot_api_chats import Person, Room, Shown
from tests.platforms.loopback import serve
from tests.platforms.telegram_rig import SECRET, Mode, Pauses
from tests.transcripts.script import Seen
from tests.transcripts.seeing import Eyes, Stands
from tests.transcripts.stage import (
    ALBUMS,
    HUSHED,
    POLLS,
    Sending,
    chosen,
    is_heard_by_the_hushed,
    poll_stands,
)
from tests.transcripts.works import Works

_STATUS = {"added": "member", "demoted": "member", "promoted": "administrator", "removed": "kicked"}
_HARMLESS = re.compile("pinned messages|not modified|send polls")
"""What the adapter tries all the same: to pin and to put polls without the right to, and to show what is shown already."""


class TelegramStage:
    platform = "telegram"
    account = "4242"
    offers = frozenset({ALBUMS, "administrators", "strangers", "membership", HUSHED, POLLS})

    def __init__(self, mode: Mode) -> None:
        self._mode = mode
        self._eyes = Eyes()
        self._stack = AsyncExitStack()
        self._people: dict[str, Person] = {}
        self._rooms: dict[str, Room] = {}
        """Groups and, by the person's name, private chats."""
        self._privacy = False

    def user_id(self, name: str) -> str:
        return str(self._people[name].id)

    def chat_id(self, chat: str) -> str:
        return str(self._rooms[chat].id)

    async def open(self, works: Works, needs: frozenset[str]) -> None:
        self._privacy = HUSHED in needs
        self.fake = await self._stack.enter_async_context(FakeBotApi(works.clock, self._privacy))
        self.fake.polls.allowed = POLLS in needs
        account = TelegramAccount(self.fake.token, Path("/nowhere"), self.fake.url, 5.0, works.core.makers)
        self._stack.push_async_callback(account.transport.close)
        works.speak_through(account.transport, account.facts)
        await self._listen(works, account)

    async def _listen(self, works: Works, account: TelegramAccount) -> None:
        app, webhook = Starlette(), None
        if self._mode == "webhook":
            webhook = WebhookAddress(await self._stack.enter_async_context(serve(app)), SECRET)
        ingress = TelegramIngress(
            account,
            works.core.dispatcher,
            clock=works.clock,
            dice=Random(1),
            commands=menu(works.core.words, works.core.texts),
            webhook=webhook,
            pause=Pauses(),
        )
        app.router.routes.extend(ingress.routes)
        await ingress.open()
        works.invitation = ingress.invitation
        running = asyncio.create_task(ingress.run())
        self._stack.push_async_callback(_stop, ingress, running)

    async def enter(self, chat: str, people: tuple[str, ...], administrators: tuple[str, ...]) -> None:
        if chat not in self._rooms:
            self._rooms[chat] = self.fake.group(-100 - len(self._rooms), chat)
        room = self._rooms[chat]
        for name in people:
            person = self._people.get(name) or self._meet(name)
            room.statuses[person.id] = "administrator" if name in administrators else "member"

    def _meet(self, name: str) -> Person:
        person = self._people[name] = self.fake.person(1 + len(self._people), name)
        self._rooms[name] = self.fake.private(person)
        return person

    async def stand(self, chat: str, who: str, change: str) -> None:
        room = self._rooms[chat]
        if change == "poll-closed":
            self.fake.polls.close(next(reversed(self.fake.polls.ballots.values())))
            await self.fake.settled()
            return
        if change in ("left", "came"):
            self.fake.moved(room, self._people[who], came=change == "came")
            await self.fake.settled()
            return
        if change == "added":
            room.statuses[self.fake.bot.id] = "left"
        self.fake.standing(room, self._people[who], _STATUS[change])
        await self.fake.settled()

    async def say(self, chat: str, who: str, text: str, answers: str, file: Sending | None = None) -> None:
        room, person = self._rooms[chat], self._people[who]
        if self._is_deaf_to(room, text, answers):
            self.fake.chats.post(room, who, text)
            return
        answered = room.shown[self._eyes.newest_of(chat, answers)] if answers else None
        sent = self._attached(file) if file else {}
        self.fake.say(room, person, text.replace("@学伴", "@xueban_bot"), reply_to=answered, **sent)
        await self.fake.settled()

    def _attached(self, file: Sending) -> dict[str, Any]:
        sent: dict[str, Any] = {"album": file.album} if file.album else {}
        if file.kind == "photo":
            return sent | {"photo": self.fake.photo(file.content)}
        if file.kind == "video":
            return sent | {"video": self.fake.video(file.content)}
        return sent | {"document": self.fake.document(file.name, file.content)}

    def _is_deaf_to(self, room: Room, text: str, answers: str) -> bool:
        hushed = self._privacy and room.kind != "private"
        hushed = hushed and room.statuses.get(self.fake.bot.id) != "administrator"
        return hushed and not is_heard_by_the_hushed(text, answers)

    async def press(self, chat: str, who: str, label: str) -> None:
        if vote := chosen(self._eyes, chat, label):
            self.fake.polls.vote(self.fake.polls.ballots[vote[0]], self._people[who], *vote[1])
            await self.fake.settled()
            return
        message, _ = self._eyes.button(chat, label)
        query = self.fake.press(self._rooms[chat].shown[message], label, self._people[who])
        await self.fake.settled()
        await self.fake.until(lambda: query in self.fake.toasts)
        self._eyes.toast(chat, who, self.fake.toasts[query] or "")

    async def seen(self) -> list[Seen]:
        for chat, room in self._rooms.items():
            self._eyes.look(chat, [self._stands(shown) for shown in room.shown.values()])
        assert [one for one in self.fake.refused if not _HARMLESS.search(one)] == []
        return self._eyes.taken()

    def _stands(self, shown: Shown) -> Stands:
        if shown.poll is not None:
            poll = self.fake.polls.of(shown)
            return poll_stands(shown.message_id, poll.question, poll.options, poll.id, poll.closed)
        buttons = tuple(tuple(row) for row in shown.buttons)
        text, file = shown.text, ""
        if shown.media and not shown.by:
            kind, name = shown.media
            text, _, alt = text.rpartition("🖼") if kind == "photo" else (text, "", "")
            file = f"🖼{alt}" if kind == "photo" else f"📎 {name}"
        return Stands(shown.message_id, shown.by, text.rstrip("\n"), buttons, bool(shown.reactions), file)

    async def close(self) -> None:
        await self._stack.aclose()


async def _stop(ingress: TelegramIngress, running: asyncio.Task[None]) -> None:
    await ingress.close()
    await running
