"""What people notice when they look at their chats again: messages that are new, changed or marked since the last time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from domain.outgoing import Made
from tests.transcripts.script import BOT, Seen

_ORDER = ("toast", "mark", "say", "edit")
"""Things that show up in one chat in one moment are told in this order: platforms differ in which comes first."""


@dataclass(frozen=True, slots=True)
class Stands:
    """One message as it stands in a chat now."""

    id: int
    """Grows from message to message."""
    by: str
    """Who wrote it, "" for the bot."""
    text: str
    """With the title as its first line."""
    buttons: tuple[tuple[tuple[str, str], ...], ...] = ()
    """Rows of (label, payload)."""
    marked: bool = False
    file: str = ""
    """The line that stands for the file the bot showed with it."""


def as_line(made: Made) -> str:
    """How a file that the bot shows is written under its message."""
    return f"🖼 {made.alt}".rstrip() if made.kind == "photo" else f"📎 {made.name}"


class Eyes:
    """Remembers how every message stood when it was last looked at."""

    def __init__(self) -> None:
        self._known: dict[str, dict[int, Stands]] = {}
        self._seen: list[Seen] = []

    def look(self, chat: str, messages: Iterable[Stands]) -> None:
        known = self._known.setdefault(chat, {})
        for message in messages:
            before = known.get(message.id)
            known[message.id] = message
            if message.by:
                self._look_at_mark(chat, before, message)
            elif before is None:
                self._note(chat, "say", message)
            elif (before.text, before.buttons) != (message.text, message.buttons):
                self._note(chat, "edit", message)

    def toast(self, chat: str, who: str, text: str) -> None:
        if text:
            self._seen.append(Seen(chat, "toast", text, who=who))

    def button(self, chat: str, label: str) -> tuple[int, str]:
        """(message, payload) of the button so labelled, in the newest message that has it."""
        for message in self._newest_first(chat):
            for shown, payload in (button for row in message.buttons for button in row):
                if shown == label:
                    return message.id, payload
        raise LookupError(f"no button 〔{label}〕 in {chat}")

    def newest_of(self, chat: str, who: str) -> int:
        """The latest message of a person, or of the bot."""
        return next(message.id for message in self._newest_first(chat) if (message.by or BOT) == who)

    def taken(self) -> list[Seen]:
        """What showed up since the last time."""
        seen, self._seen = self._seen, []
        return sorted(seen, key=lambda one: _ORDER.index(one.kind))

    def _newest_first(self, chat: str) -> list[Stands]:
        return sorted(self._known.get(chat, {}).values(), key=lambda message: -message.id)

    def _look_at_mark(self, chat: str, before: Stands | None, message: Stands) -> None:
        if message.marked and not (before and before.marked):
            self._seen.append(Seen(chat, "mark", who=message.by))

    def _note(self, chat: str, kind: str, message: Stands) -> None:
        labels = [[label for label, _ in row] for row in message.buttons]
        # Shown again, a message has other words under the same file.
        file = message.file if kind == "say" else ""
        self._seen.append(Seen(chat, kind, message.text, labels, file=file))
