"""What a platform's ingress hands to the program, and what it hears back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from domain.incoming import Attachment, Incoming


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back at once with the acknowledgement of an event; everything else is said through the outbox."""

    toast: str = ""
    """A short text for the person who pressed a button, in their language (at most 200 characters)."""


class Ingress(Protocol):
    """The dispatcher, as a platform sees it. When one of these returns, what it did is committed."""

    async def hear(self, incoming: Incoming) -> Answer:
        """Handle one event; a repeat changes nothing. Never raises for what a person did, only when nothing could be stored."""
        ...

    async def bury(self, platform: str, account: str, event_id: str, raw: bytes, error: str) -> None:
        """Keep an event that could not be understood, raw, as a dead letter, so that it blocks nobody."""
        ...

    async def moved(self, platform: str, account: str, old_chat_id: str, new_chat_id: str) -> None:
        """A chat has a new id: rewrite it everywhere, in one transaction."""
        ...

    async def stopped(self, platform: str, account: str, poll_id: str) -> None:
        """A poll takes no more answers: somebody in the chat closed it, or we did. A repeat changes nothing."""
        ...


class Facts(Protocol):
    """What only the platform can tell, over the network, outside of any transaction."""

    async def sender_is_admin(self, incoming: Incoming) -> bool:
        """Whether the sender administers the chat. False where the platform cannot say."""
        ...

    async def hears_everything(self, chat_id: str) -> bool | None:
        """Whether the bot hears ordinary messages in this chat. None: unknown just now."""
        ...

    async def fetch(self, incoming: Incoming, attachment: Attachment, most: int) -> bytes:
        """What is in the file that came with ``incoming``.

        Raises `domain.errors.UserError` for a file of more than ``most`` bytes, whatever was announced, and for one that is
        no longer kept; `domain.outgoing.SendError` where the platform does not answer.
        """
        ...
