"""No platform at all: events go straight to the dispatcher, and what is sent is only noted."""

from __future__ import annotations

from bot.ingress import Answer
from domain.errors import UserError
from domain.file import shown_size
from domain.incoming import Attachment, Capabilities, Incoming, Mention, QuizLimits
from domain.outgoing import Ballot, Limits, Outgoing, Shown
from tests.transcripts.script import BOT, Seen
from tests.transcripts.seeing import Eyes, Stands, as_line
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

_FILE_BYTES = 1_000_000_000


class DirectStage:
    platform = "direct"
    account = "bot"
    lane = "direct:bot"
    limits = Limits(per_second=1000, chat_per_second=1000, group_per_minute=10_000)
    offers = frozenset({ALBUMS, "administrators", "strangers", "membership", HUSHED, POLLS})

    def __init__(self) -> None:
        self._works: Works | None = None
        self._eyes = Eyes()
        self._messages: dict[str, dict[int, Stands]] = {}
        self._chats: dict[str, str] = {}
        self._people: dict[str, str] = {}
        self._administrators: set[tuple[str, str]] = set()
        self._hushed: set[str] = set()
        """Chats in which the bot hears only what is addressed to it."""
        self._privacy = False
        self._polls: dict[str, tuple[str, int, Ballot]] = {}
        """Chat, message and content of each poll."""
        self._takes_polls = False
        self._events = 0
        self._files: dict[str, bytes] = {}
        """Sent by people, by file id."""

    def user_id(self, name: str) -> str:
        return self._people.setdefault(name, f"u{len(self._people) + 1}")

    def chat_id(self, chat: str) -> str:
        return self._chats.setdefault(chat, f"c{len(self._chats) + 1}")

    async def open(self, works: Works, needs: frozenset[str]) -> None:
        self._works = works
        self._privacy = HUSHED in needs
        self._takes_polls = POLLS in needs
        works.speak_through(self, self)

    async def enter(self, chat: str, people: tuple[str, ...], administrators: tuple[str, ...]) -> None:
        for name in people:
            self.user_id(name)
        self._administrators |= {(self.chat_id(chat), self.user_id(name)) for name in administrators}
        if self._privacy:
            self._hushed.add(self.chat_id(chat))

    async def stand(self, chat: str, who: str, change: str) -> None:
        if change == "poll-closed":
            await self._close_poll(list(self._polls)[-1])
            return
        if change in ("left", "came"):
            moved = "went" if change == "left" else "came"
            await self._hear(chat, who, service=moved, people=(self._person(who),))
            return
        chat_id = self.chat_id(chat)
        self._hushed.discard(chat_id)
        if self._privacy and change in ("added", "demoted"):
            self._hushed.add(chat_id)
        await self._hear(
            chat,
            who,
            service="left" if change == "removed" else "joined",
            hears_everything=chat_id not in self._hushed,
        )

    async def say(self, chat: str, who: str, text: str, answers: str, file: Sending | None = None) -> None:
        chat_id = self.chat_id(chat)
        self._events += 1
        self._messages.setdefault(chat_id, {})[self._events] = Stands(self._events, who, text)
        if chat_id in self._hushed and not is_heard_by_the_hushed(text, answers):
            return
        is_group = chat not in self._people
        await self._hear(
            chat,
            who,
            message_id=str(self._events),
            text=text.replace("@学伴", "").strip(),
            addressed=not is_group or answers == BOT or "@学伴" in text or text.startswith("/"),
            mentions=tuple(Mention(name=n, user_id=u) for n, u in self._people.items() if f"@{n}" in text),
            reply_to=str(self._eyes.newest_of(chat, answers)) if answers else None,
            reply_to_sender=self._person(answers) if answers not in ("", BOT) else None,
            attachments=self._attached(file) if file else (),
        )

    async def _close_poll(self, poll_id: str) -> None:
        assert self._works
        self._show_poll(poll_id, closed=True)
        await self._works.core.dispatcher.stopped(self.platform, self.account, poll_id)

    def _person(self, name: str) -> Mention:
        return Mention(name=name, user_id=self.user_id(name))

    def _attached(self, file: Sending) -> tuple[Attachment, ...]:
        self._files[str(self._events)] = file.content
        return (
            Attachment(
                kind=file.kind,
                file_id=str(self._events),
                size=len(file.content),
                name=file.name if file.kind == "document" else "",
                album_id=file.album or None,
            ),
        )

    async def press(self, chat: str, who: str, label: str) -> None:
        if vote := chosen(self._eyes, chat, label):
            poll, choices = vote
            asked = {"chat_id": "", "chat_title": None, "poll_id": poll, "choices": choices}
            await self._hear(chat, who, addressed=True, **asked)
            return
        message, payload = self._eyes.button(chat, label)
        self._events += 1
        answer = await self._hear(chat, who, message_id=str(message), action=payload, addressed=True)
        self._eyes.toast(chat, who, answer.toast)

    async def _hear(self, chat: str, who: str, **more: object) -> Answer:
        assert self._works
        self._events += 1
        is_group = chat not in self._people
        happened = {
            "platform": self.platform,
            "account": self.account,
            "event_id": str(self._events),
            "chat_id": self.chat_id(chat),
            "chat_title": chat if is_group else None,
            "sender_id": self.user_id(who),
            "sender_name": who,
            "is_group": is_group,
            "sent_at": self._works.now,
        }
        return await self._works.hear(Incoming.model_validate(happened | more))

    async def seen(self) -> list[Seen]:
        for chat, chat_id in self._chats.items():
            self._eyes.look(chat, self._messages.get(chat_id, {}).values())
        return self._eyes.taken()

    async def close(self) -> None:
        return None

    def capabilities(self, chat_id: str) -> Capabilities:
        most = QuizLimits(question_chars=300, options=12, option_chars=100, explanation_chars=200)
        return Capabilities(quiz=most if self._takes_polls else None)

    async def send(self, out: Outgoing) -> str | Shown:
        self._events += 1
        if out.poll is not None:
            poll_id = f"poll{self._events}"
            self._polls[poll_id] = (out.chat_id, self._events, out.poll)
            self._show_poll(poll_id)
            return Shown(str(self._events), poll_id)
        assert self._works
        out, made = await self._works.core.makers.for_showing(out, _FILE_BYTES)
        self._show(out, self._events, as_line(made) if made else "")
        return str(self._events)

    async def edit(self, out: Outgoing, message_id: str) -> None:
        if out.poll is None:
            self._show(out, int(message_id))
        elif out.poll.closed:
            for poll_id, (chat, message, _) in self._polls.items():
                if (chat, str(message)) == (out.chat_id, message_id):
                    self._show_poll(poll_id, closed=True)

    async def react(self, chat_id: str, message_id: str, emoji: str) -> None:
        said = self._messages[chat_id][int(message_id)]
        self._messages[chat_id][said.id] = Stands(said.id, said.by, said.text, marked=True)

    def _show_poll(self, poll_id: str, closed: bool = False) -> None:
        chat, message, poll = self._polls[poll_id]
        stands = poll_stands(message, poll.question, poll.options, poll_id, closed)
        self._messages.setdefault(chat, {})[message] = stands

    def _show(self, out: Outgoing, message: int, file: str = "") -> None:
        text = "\n".join(part for part in (out.title, out.text) if part)
        self._messages.setdefault(out.chat_id, {})[message] = Stands(
            message, "", text, out.buttons, file=file
        )

    async def sender_is_admin(self, incoming: Incoming) -> bool:
        return (incoming.chat_id, incoming.sender_id) in self._administrators

    async def fetch(self, incoming: Incoming, attachment: Attachment, most: int) -> bytes:
        content = self._files[attachment.file_id]
        if len(content) > most:
            raise UserError("file.too_big", most=shown_size(most))
        return content

    async def hears_everything(self, chat_id: str) -> bool:
        return chat_id not in self._hushed
