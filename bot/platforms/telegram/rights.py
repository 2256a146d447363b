"""What only Telegram knows of a chat: who administers it, and whether the bot hears all that is said."""

from __future__ import annotations

from telegram import Bot, User
from telegram.constants import ChatMemberStatus
from telegram.error import BadRequest, Forbidden, InvalidToken

from bot.platforms.telegram import files
from bot.platforms.telegram.calls import UNKNOWN_TOKEN, TelegramUnusable, told_apart
from domain.incoming import Attachment, Incoming
from domain.outgoing import SendError

_ADMINISTERS = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)


class Rights:
    """`bot.ingress.Facts` for Telegram."""

    def __init__(self, bot: Bot, account: str) -> None:
        self._bot = bot
        self._bot_id = int(account)

    async def me(self) -> User:
        """Raises `TelegramUnusable` for a token Telegram does not know, `SendError` where it does not answer."""
        with told_apart():
            try:
                return await self._bot.get_me()
            except InvalidToken:
                raise TelegramUnusable(UNKNOWN_TOKEN) from None

    async def sender_is_admin(self, incoming: Incoming) -> bool:
        """Raises `domain.outgoing.SendError` where Telegram does not answer: "no" would be untrue."""
        return incoming.is_group and await self._administers(incoming.chat_id, int(incoming.sender_id))

    async def hears_everything(self, chat_id: str) -> bool | None:
        """Privacy mode hides most messages from bots that are not administrators. None: unknown."""
        try:
            me = await self.me()
            return bool(me.can_read_all_group_messages) or await self._administers(chat_id, self._bot_id)
        except (SendError, TelegramUnusable):
            return None

    async def fetch(self, incoming: Incoming, attachment: Attachment, most: int) -> bytes:
        return await files.fetch(self._bot, attachment, most)

    async def _administers(self, chat_id: str, user_id: int) -> bool:
        with told_apart():
            try:
                member = await self._bot.get_chat_member(int(chat_id), user_id)
            except (BadRequest, Forbidden):
                return False  # nobody of that id is known in the chat, or the chat does not tell
        return member.status in _ADMINISTERS
