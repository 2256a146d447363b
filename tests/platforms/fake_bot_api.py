"""A Bot API server over loopback, with chats, people and faults behind it.

Its contract is somebody else's: every call is validated by aiogram's types, and every update is made of them.

    async with FakeBotApi() as fake:
        zhang, room = fake.person(1, "张三"), fake.group(-100, "一组")
        fake.say(room, zhang, "打卡")
        await fake.settled()
        fake.messages(room.id)
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
from aiogram import types
from aiogram.methods.base import TelegramMethod
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.platforms.fake_bot_api_chats import Chats, Person, Room, Shown, photo_sizes
from tests.platforms.fake_bot_api_contract import BadCall, read_call
from tests.platforms.fake_bot_api_methods import Methods
from tests.platforms.fake_bot_api_polls import Polls
from tests.platforms.loopback import serve

TOKEN = "4242:fake-token"
PATIENCE = 10.0
"""Seconds that a test waits for something to happen before it fails."""


@dataclass
class Fault:
    """What goes wrong with the next calls of a method ("*": of any)."""

    method: str
    times: int
    status: int = 200
    retry_after: int | None = None
    description: str = "made to fail"
    body: bytes | None = None
    hang: bool = False
    after: bool = False
    """The call is carried out first: only its answer is lost."""


class FakeBotApi:
    """One bot, ``@xueban_bot``. ``clock`` gives UTC epoch milliseconds for the dates of messages."""

    def __init__(self, clock: Callable[[], int] = lambda: 1_772_407_800_000, privacy: bool = False) -> None:
        self.token = TOKEN
        self.clock = clock
        self.bot = types.User(
            id=4242,
            is_bot=True,
            first_name="学伴",
            username="xueban_bot",
            can_join_groups=True,
            can_read_all_group_messages=not privacy,
            supports_inline_queries=False,
        )
        self.chats = Chats(self.bot)
        self.url = ""
        self.calls: list[TelegramMethod[Any]] = []
        """Every call that the contract let through, in order."""
        self.refused: list[str] = []
        """Descriptions of the errors answered, faults aside."""
        self.deliveries: list[tuple[int, int]] = []
        """(update_id, status answered) of each webhook delivery."""
        self.toasts: dict[str, str | None] = {}
        """Callback query id → text shown."""
        self.files: dict[str, bytes] = {}
        """File id → what is in it."""
        self.polls = Polls(self.chats, self.update)
        self._methods = Methods(self)
        self._waiting: deque[tuple[int, str]] = deque()
        self._held: list[tuple[int, str]] | None = None
        self._faults: list[Fault] = []
        self._update_id = 10_000
        self._query_id = 0
        self._changed = asyncio.Event()
        self._closed = False
        self._bored = False
        self._stack = AsyncExitStack()
        self._webhook: types.WebhookInfo | None = None
        self._secret: str | None = None

    async def __aenter__(self) -> FakeBotApi:
        routes = [
            Route(f"/bot{self.token}/{{method}}", self._serve, methods=["GET", "POST"]),
            Route(f"/file/bot{self.token}/{{path:path}}", self._hand_out),
        ]
        self.url = await self._stack.enter_async_context(serve(Starlette(routes=routes)))
        self._http = await self._stack.enter_async_context(httpx.AsyncClient(timeout=PATIENCE, verify=False))
        self._delivering = asyncio.create_task(self._deliver())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closed = True
        self._touch()
        self._delivering.cancel()
        await asyncio.gather(self._delivering, return_exceptions=True)
        await self._stack.aclose()

    # What a test does in the chats.

    def person(
        self, id_: int, name: str, username: str | None = None, language: str | None = "zh-hans"
    ) -> Person:
        """Somebody, with a private chat to the bot."""
        person = Person(id_, name, username, language)
        self.chats.people[id_] = person
        self.chats.rooms[id_] = Room(id_, "private")
        return person

    def group(self, id_: int, title: str, kind: str = "supergroup", forum: bool = False) -> Room:
        room = Room(id_, kind, title, {self.bot.id: "member"}, forum=forum)
        self.chats.rooms[id_] = room
        return room

    def private(self, person: Person) -> Room:
        return self.chats.rooms[person.id]

    def messages(self, chat_id: int) -> list[Shown]:
        """What stands in a chat, oldest first; ``by`` is "" for the bot's own."""
        return [*self.chats.rooms[chat_id].shown.values()]

    def said(self, chat_id: int) -> list[Shown]:
        """The bot's messages alone."""
        return [shown for shown in self.messages(chat_id) if not shown.by]

    def say(
        self,
        room: Room,
        person: Person,
        text: str = "",
        *,
        reply_to: Shown | None = None,
        topic: int | None = None,
        photo: str | None = None,
        album: str | None = None,
        **fields: Any,
    ) -> Shown:
        """A person writes; ``fields`` are further fields of the Bot API's Message."""
        if room.kind != "private":
            room.statuses.setdefault(person.id, "member")
        written, entities = self.chats.entities(text)
        shown = self.chats.post(room, person.name, written, thread_id=topic)
        words = "caption" if photo or {"video", "voice", "audio", "document"} & set(fields) else "text"
        self.update(
            message=self.message(
                shown,
                person.user,
                **{
                    words: written or None,
                    f"{words}_entities" if words == "caption" else "entities": entities or None,
                },
                photo=photo_sizes(photo) if photo else None,
                media_group_id=album,
                message_thread_id=topic,
                is_topic_message=topic is not None or None,
                reply_to_message=self._quoted(reply_to, room, topic),
                **fields,
            )
        )
        return shown

    def document(self, name: str, content: bytes, size: int | None = None) -> types.Document:
        """A file for `say` to send; ``size`` is what is announced of it."""
        file_id = f"file-{len(self.files)}"
        self.files[file_id] = content
        return types.Document(
            file_id=file_id,
            file_unique_id=file_id,
            file_name=name,
            file_size=len(content) if size is None else size,
        )

    def photo(self, content: bytes) -> str:
        """A picture for `say` to send; what Telegram calls the largest of its sizes is the whole."""
        name = f"photo{len(self.files)}"
        self.files[photo_sizes(name)[-1].file_id] = content
        return name

    def video(self, content: bytes) -> types.Video:
        file_id = f"file-{len(self.files)}"
        self.files[file_id] = content
        return types.Video(
            file_id=file_id,
            file_unique_id=file_id,
            width=640,
            height=480,
            duration=5,
            file_size=len(content),
        )

    def press(self, shown: Shown, label: str, person: Person) -> str:
        """A person presses the button so labelled; returns the query's id."""
        return self.press_data(shown, shown.data(label), person)

    def press_data(self, shown: Shown, data: str, person: Person) -> str:
        self._query_id += 1
        query = types.CallbackQuery(
            id=str(self._query_id),
            from_user=person.user,
            chat_instance=str(shown.chat_id),
            data=data,
            message=self.message(shown, self.bot, text=shown.text or None),
        )
        self.update(callback_query=query)
        return query.id

    def standing(self, room: Room, person: Person, status: str) -> None:
        """A person adds, promotes or removes the bot: ``member``, ``administrator``, ``left``, ``kicked``."""
        before = room.statuses.get(self.bot.id, "left")
        room.statuses[self.bot.id] = status
        change = types.ChatMemberUpdated(
            chat=room.chat,
            from_user=person.user,
            date=self._now(),
            old_chat_member=self.member(before),
            new_chat_member=self.member(status),
        )
        self.update(my_chat_member=change)

    def moved(self, room: Room, person: Person, *, came: bool) -> None:
        """A person leaves the chat or comes into it: a service message, and an update to a bot that administers it."""
        before, after = ("left", "member") if came else ("member", "left")
        room.statuses[person.id] = after
        shown = self.chats.post(room, person.name, "")
        told = {"new_chat_members": [person.user]} if came else {"left_chat_member": person.user}
        self.update(message=self.message(shown, person.user, **told))
        if room.statuses.get(self.bot.id) == "administrator":
            change = types.ChatMemberUpdated(
                chat=room.chat,
                from_user=person.user,
                date=self._now(),
                old_chat_member=self.member(before, person.user),
                new_chat_member=self.member(after, person.user),
            )
            self.update(chat_member=change)

    def migrate(self, room: Room, person: Person, new_id: int) -> Room:
        """The group becomes a supergroup; both chats get a message about it."""
        new = self.chats.migrate(room, new_id)
        for place, fields in (
            (room, {"migrate_to_chat_id": new_id}),
            (new, {"migrate_from_chat_id": room.id}),
        ):
            shown = self.chats.post(place, person.name, "")
            self.update(message=self.message(shown, person.user, **fields))
        return new

    # How updates come.

    def update(self, **happened: Any) -> int:
        """Queue an update made of aiogram's types; returns its id."""
        update = types.Update(update_id=self._next_id(), **happened)
        return self._queue(update.update_id, update.model_dump_json(exclude_none=True, by_alias=True))

    def inject(self, rest: str) -> int:
        """Queue an update that no contract has seen: ``rest`` is the JSON that follows its ``update_id``."""
        update_id = self._next_id()
        return self._queue(update_id, f'{{"update_id":{update_id},{rest}}}')

    def _next_id(self) -> int:
        self._update_id += 1
        return self._update_id

    def _queue(self, update_id: int, text: str) -> int:
        (self._waiting if self._held is None else self._held).append((update_id, text))
        self._touch()
        return update_id

    def repeat(self, times: int) -> None:
        """What waits comes so many times in all."""
        waiting = [one for one in self._waiting for _ in range(times)]
        self._waiting = deque(waiting)
        self._touch()

    @contextmanager
    def reordered(self, order: Callable[[list[tuple[int, str]]], list[tuple[int, str]]]) -> Iterator[None]:
        """What happens inside is delivered afterwards, in the order that ``order`` puts it."""
        held: list[tuple[int, str]] = []
        self._held = held
        yield
        self._held = None
        self._waiting.extend(order(held))
        self._touch()

    async def idle(self) -> None:
        """Let the call of getUpdates that waits for something come back with nothing."""
        self._bored = True
        self._touch()
        await self.until(lambda: not self._bored)

    def restart_numbers(self, update_id: int) -> None:
        """The next update has the number after this one, as it may be after a week without any."""
        self._update_id = update_id

    async def settled(self) -> None:
        """Until every update has been acknowledged."""
        await self.until(lambda: not self._waiting)

    async def until(self, happened: Callable[[], bool]) -> None:
        """Until it is so; looked at anew whenever something changes here. Raises TimeoutError."""
        await self._until(happened, PATIENCE)

    def fail(self, method: str, times: int = 1, **fault: Any) -> Fault:
        """Let the next calls of a method go wrong, as the fields of `Fault` say."""
        self._faults.append(Fault(method, times, **fault))
        return self._faults[-1]

    async def post(self, body: bytes, secret: str | None = None) -> httpx.Response:
        """A call to the webhook by hand, with any body and any secret."""
        header = [(b"X-Telegram-Bot-Api-Secret-Token", secret.encode())] if secret is not None else []
        assert self._webhook is not None
        return await self._http.post(self._webhook.url, content=body, headers=header)

    # What the methods ask for.

    @property
    def webhook(self) -> types.WebhookInfo:
        none = types.WebhookInfo(
            url="", has_custom_certificate=False, pending_update_count=len(self._waiting)
        )
        return self._webhook or none

    @property
    def commands(self) -> dict[str | None, list[types.BotCommand]]:
        """The menus, by language; None is everybody else's."""
        return self._methods.commands

    def hook(self, url: str, secret: str | None) -> None:
        self._secret = secret
        info = types.WebhookInfo(url=url, has_custom_certificate=False, pending_update_count=0)
        self._webhook = info if url else None
        self._touch()

    def message(self, shown: Shown, by: types.User, **fields: Any) -> types.Message:
        return types.Message(
            message_id=shown.message_id,
            date=self._now(),
            chat=self.chats.rooms[shown.chat_id].chat,
            from_user=by,
            **{name: value for name, value in fields.items() if value is not None},
        )

    def member(self, status: str, user: types.User | None = None) -> types.ChatMemberUnion:
        user = user or self.bot
        if status == "administrator":
            rights: dict[str, Any] = {
                n: False
                for n, f in types.ChatMemberAdministrator.model_fields.items()
                if f.annotation is bool
            }
            return types.ChatMemberAdministrator(user=user, **rights)
        if status == "creator":
            return types.ChatMemberOwner(user=user, is_anonymous=False)
        if status == "kicked":
            return types.ChatMemberBanned(user=user, until_date=datetime.fromtimestamp(0, UTC))
        return types.ChatMemberMember(user=user) if status == "member" else types.ChatMemberLeft(user=user)

    async def updates(self, offset: int | None, limit: int, timeout: int) -> list[str]:
        """For getUpdates: forgets what lies below ``offset``, then waits for what comes."""
        if offset is not None:
            self._waiting = deque(one for one in self._waiting if one[0] >= offset)
            self._touch()
        with suppress(TimeoutError):
            await self._until(lambda: bool(self._waiting) or self._closed or self._bored, timeout)
        self._bored = False
        self._touch()
        return [text for _, text in list(self._waiting)[:limit]]

    def _quoted(self, reply_to: Shown | None, room: Room, topic: int | None) -> types.Message | None:
        if reply_to is not None:
            people = {person.name: person.user for person in self.chats.people.values()}
            return self.message(reply_to, people.get(reply_to.by, self.bot), text=reply_to.text or None)
        if topic is None:
            return None
        opened = types.ForumTopicCreated(name="学习", icon_color=0)
        return self.message(Shown(room.id, topic, "", ""), self.bot, forum_topic_created=opened)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self.clock() // 1000, UTC)

    async def _until(self, happened: Callable[[], bool], timeout: float | None) -> None:
        async with asyncio.timeout(timeout):
            while not happened():
                self._changed.clear()
                await self._changed.wait()

    def _touch(self) -> None:
        self._changed.set()

    async def _deliver(self) -> None:
        """The webhook's side: one update after another, again until it is answered with 2xx."""
        while True:
            await self._until(lambda: self._webhook is not None and bool(self._waiting), None)
            update_id, text = self._waiting[0]
            try:
                status = (await self.post(text.encode(), self._secret)).status_code
            except httpx.HTTPError:
                status = 0
            self.deliveries.append((update_id, status))
            if 200 <= status < 300:
                self._waiting.popleft()
            self._touch()

    async def _serve(self, request: Request) -> Response:
        method = request.path_params["method"]
        fault = self._next_fault(method)
        if fault is not None and not fault.after:
            return await self._go_wrong(fault)
        answer = await self._answer(method, request)
        return answer if fault is None else await self._go_wrong(fault)

    async def _answer(self, method: str, request: Request) -> Response:
        try:
            call = read_call(method, request.headers.get("content-type", ""), await request.body())
            self.calls.append(call)
            self._touch()
            result = await self._methods.run(call)
        except BadCall as bad:
            self.refused.append(bad.description)
            return _error(bad.status, bad.description, bad.parameters)
        self._touch()
        return Response(f'{{"ok":true,"result":{result}}}', media_type="application/json")

    async def _hand_out(self, request: Request) -> Response:
        fault = self._next_fault("file")
        if fault is not None:
            return await self._go_wrong(fault)
        content = self.files.get(request.path_params["path"].removeprefix("files/"))
        return Response(status_code=404) if content is None else Response(content)

    def _next_fault(self, method: str) -> Fault | None:
        fault = next((f for f in self._faults if f.times > 0 and f.method in ("*", method)), None)
        if fault is not None:
            fault.times -= 1
            self._touch()
        return fault

    async def _go_wrong(self, fault: Fault) -> Response:
        if fault.hang:
            await self._until(lambda: self._closed, None)
        if fault.body is not None:
            return Response(fault.body, fault.status)
        parameters = {"retry_after": fault.retry_after} if fault.retry_after is not None else {}
        return _error(fault.status, fault.description, parameters)


def _error(status: int, description: str, parameters: dict[str, int]) -> Response:
    body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    return JSONResponse(body | ({"parameters": parameters} if parameters else {}), status)
