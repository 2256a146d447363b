"""Where a transcript is played: the same people and chats, on one platform or another."""

from __future__ import annotations

from typing import Protocol

from bot.ingress import Answer
from domain.incoming import Capabilities, Incoming, Mention
from domain.outgoing import Limits, Outgoing
from tests.transcripts.script import Seen
from tests.transcripts.works import Works


class Stage(Protocol):
    """One platform, as people use it."""

    platform: str
    account: str

    def user_id(self, name: str) -> str: ...

    def chat_id(self, chat: str) -> str:
        """Of a group, or of the private chat of the person of that name."""
        ...

    async def open(self, works: Works) -> None: ...

    async def enter(self, chat: str, people: tuple[str, ...], administrators: tuple[str, ...]) -> None:
        """These people are in that chat, and in their private chats with the bot."""
        ...

    async def say(self, chat: str, who: str, text: str) -> None:
        """Returns when the platform was told that it was heard."""
        ...

    async def press(self, chat: str, who: str, label: str) -> None: ...

    def seen(self) -> list[Seen]:
        """What showed up since the last time, in order."""
        ...

    async def close(self) -> None: ...


class DirectStage:
    """No platform at all: events go straight to the dispatcher, and what is sent is only noted."""

    platform = "direct"
    account = "bot"
    lane = "direct:bot"
    limits = Limits(per_second=1000, chat_per_second=1000, group_per_minute=10_000)

    def __init__(self) -> None:
        self._works: Works | None = None
        self._seen: list[Seen] = []
        self._chats: dict[str, str] = {}
        self._people: dict[str, str] = {}
        self._administrators: set[tuple[str, str]] = set()
        self._authors: dict[str, str] = {}
        self._buttons: list[tuple[str, str, str]] = []
        self._events = 0

    def user_id(self, name: str) -> str:
        return self._people.setdefault(name, f"u{len(self._people) + 1}")

    def chat_id(self, chat: str) -> str:
        return self._chats.setdefault(chat, f"c{len(self._chats) + 1}")

    async def open(self, works: Works) -> None:
        self._works = works
        works.speak_through(self, self)

    async def enter(self, chat: str, people: tuple[str, ...], administrators: tuple[str, ...]) -> None:
        for name in people:
            self.user_id(name)
        self._administrators |= {(self.chat_id(chat), self.user_id(name)) for name in administrators}

    async def say(self, chat: str, who: str, text: str) -> None:
        await self._hear(chat, who, text=text)

    async def press(self, chat: str, who: str, label: str) -> None:
        payload = next(
            p for c, known, p in reversed(self._buttons) if (c, known) == (self.chat_id(chat), label)
        )
        answer = await self._hear(chat, who, action=payload)
        if answer.toast:
            self._seen.append(Seen(chat, "toast", text=answer.toast, who=who))

    async def _hear(self, chat: str, who: str, *, text: str = "", action: str | None = None) -> Answer:
        assert self._works
        self._events += 1
        self._authors[str(self._events)] = who
        is_group = chat not in self._people
        return await self._works.hear(
            Incoming(
                platform=self.platform,
                account=self.account,
                event_id=str(self._events),
                message_id=None if action else str(self._events),
                chat_id=self.chat_id(chat),
                chat_title=chat if is_group else None,
                sender_id=self.user_id(who),
                sender_name=who,
                text=text,
                action=action,
                is_group=is_group,
                addressed=not is_group or "@学伴" in text,
                mentions=tuple(
                    Mention(name=n, user_id=u) for n, u in self._people.items() if f"@{n}" in text
                ),
                sent_at=self._works.now,
            )
        )

    def seen(self) -> list[Seen]:
        seen, self._seen = self._seen, []
        return seen

    async def close(self) -> None:
        return None

    # --- as a transport ------------------------------------------------------------------------------------

    def capabilities(self, chat_id: str) -> Capabilities:
        return Capabilities()

    async def send(self, out: Outgoing) -> str:
        self._note(out, "say")
        self._events += 1
        return str(self._events)

    async def edit(self, out: Outgoing, message_id: str) -> None:
        self._note(out, "edit")

    async def react(self, chat_id: str, message_id: str, emoji: str) -> None:
        self._seen.append(Seen(self._name(chat_id), "mark", who=self._authors[message_id]))

    def _note(self, out: Outgoing, kind: str) -> None:
        for row in out.buttons:
            self._buttons += [(out.chat_id, label, payload) for label, payload in row]
        labels = [[label for label, _ in row] for row in out.buttons]
        self._seen.append(Seen(self._name(out.chat_id), kind, out.title, out.text, labels))

    def _name(self, chat_id: str) -> str:
        return next(name for name, known in self._chats.items() if known == chat_id)

    # --- as what the platform knows ------------------------------------------------------------------------

    async def sender_is_admin(self, incoming: Incoming) -> bool:
        return (incoming.chat_id, incoming.sender_id) in self._administrators
