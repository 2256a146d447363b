"""What each method of the fake Bot API does to the chats."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from aiogram import methods, types
from aiogram.methods.base import TelegramMethod
from pydantic import BaseModel
from telegram.constants import ReactionEmoji

from tests.platforms.fake_bot_api_chats import Shown, photo_sizes
from tests.platforms.fake_bot_api_contract import BadCall, Rendered, buttons_of

if TYPE_CHECKING:
    from tests.platforms.fake_bot_api import FakeBotApi

DOWNLOAD_BYTES = 20_000_000
"""https://core.telegram.org/bots/api#getfile"""
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_REACTIONS = {str(emoji.value) for emoji in ReactionEmoji}


class Methods:
    """Answers are JSON, ready to be put into ``{"ok": true, "result": …}``."""

    def __init__(self, fake: FakeBotApi) -> None:
        self._fake = fake
        self._chats = fake.chats
        self.commands: dict[str | None, list[types.BotCommand]] = {}
        self._files: dict[str, str] = {}

    async def run(self, call: TelegramMethod[Any]) -> str:
        match call:
            case methods.GetUpdates():
                return await self._updates(call)
            case methods.SendPhoto() | methods.SendAudio() | methods.SendVideo() | methods.SendDocument():
                return _json(self._file(call))
        handler = getattr(self, f"_{call.__api_method__}", None)
        if handler is None:
            raise BadCall(f"Not Found: the fake does not know {call.__api_method__}", 404)
        return _json(handler(call))

    async def _updates(self, call: methods.GetUpdates) -> str:
        if self._fake.webhook.url:
            raise BadCall("Conflict: can't use getUpdates method while webhook is active", 409)
        found = await self._fake.updates(call.offset, call.limit or 100, call.timeout or 0)
        return f"[{','.join(found)}]"

    def _getMe(self, _: methods.GetMe) -> types.User:
        return self._fake.bot

    def _setMyCommands(self, call: methods.SetMyCommands) -> bool:
        for command in call.commands:
            if not _COMMAND.fullmatch(command.command) or not 1 <= len(command.description) <= 256:
                raise BadCall("Bad Request: BOT_COMMAND_INVALID")
        self.commands[call.language_code] = call.commands
        return True

    def _setWebhook(self, call: methods.SetWebhook) -> bool:
        if call.secret_token is not None and not _SECRET.fullmatch(call.secret_token):
            raise BadCall("Bad Request: secret token contains unallowed characters")
        self._fake.hook(call.url, call.secret_token)
        return True

    def _deleteWebhook(self, _: methods.DeleteWebhook) -> bool:
        self._fake.hook("", None)
        return True

    def _getWebhookInfo(self, _: methods.GetWebhookInfo) -> types.WebhookInfo:
        return self._fake.webhook

    def _getChat(self, call: methods.GetChat) -> types.ChatFullInfo:
        room = self._chats.room(call.chat_id)
        return types.ChatFullInfo(
            id=room.id,
            type=room.kind,
            title=room.title,
            accent_color_id=0,
            max_reaction_count=1,
            accepted_gift_types=types.AcceptedGiftTypes(
                unlimited_gifts=False,
                limited_gifts=False,
                unique_gifts=False,
                premium_subscription=False,
                gifts_from_channels=False,
            ),
        )

    def _getChatMember(self, call: methods.GetChatMember) -> types.ChatMemberUnion:
        room = self._chats.room(call.chat_id)
        if call.user_id == self._fake.bot.id:
            return self._fake.member(room.statuses.get(call.user_id, "left"))
        person = self._chats.people.get(call.user_id)
        if person is None:
            raise BadCall("Bad Request: PARTICIPANT_ID_INVALID")
        return self._fake.member(room.statuses.get(call.user_id, "left"), person.user)

    def _getChatAdministrators(self, call: methods.GetChatAdministrators) -> list[types.ChatMemberUnion]:
        room = self._chats.room(call.chat_id)
        admins = {
            id_: status for id_, status in room.statuses.items() if status in ("creator", "administrator")
        }
        return [
            self._fake.member(status, self._chats.people[id_].user)
            for id_, status in admins.items()
            if id_ in self._chats.people
        ]

    def _getFile(self, call: methods.GetFile) -> types.File:
        if len(self._fake.files.get(call.file_id, b"")) > DOWNLOAD_BYTES:
            raise BadCall("Bad Request: file is too big")
        return types.File(
            file_id=call.file_id, file_unique_id=call.file_id, file_path=f"files/{call.file_id}"
        )

    def _sendMessage(self, call: methods.SendMessage) -> types.Message:
        words = Rendered(call.text, call.parse_mode, 4096)
        if not words.text.strip():
            raise BadCall("Bad Request: message text is empty")
        return self._fake.message(self._show(call, words), self._fake.bot, text=words.text)

    def _file(
        self, call: methods.SendPhoto | methods.SendAudio | methods.SendVideo | methods.SendDocument
    ) -> types.Message:
        kind = call.__api_method__.removeprefix("send").lower()
        words = Rendered(call.caption or "", call.parse_mode, 1024)
        name = self._stored(getattr(call, kind))
        shown = self._show(call, words)
        shown.media = (kind, name)
        shown.content = self._fake.files.get(f"{name}-1280", b"")
        return self._fake.message(
            shown, self._fake.bot, caption=words.text or None, **{kind: _sent(kind, name)}
        )

    def _stored(self, file: object) -> str:
        """The name of what was uploaded, the address, or what the file id stands for."""
        if isinstance(file, types.BufferedInputFile):
            if not file.data:
                raise BadCall("Bad Request: file must be non-empty")
            name = file.filename or "file"
            self._fake.files[f"{name}-1280"] = file.data
            return name
        assert isinstance(file, str)
        if file.endswith("-1280"):
            return file.removesuffix("-1280")
        if not file.startswith("http"):
            raise BadCall("Bad Request: wrong remote file identifier specified: can't unserialize it")
        return file

    def _show(self, call: Any, words: Rendered) -> Shown:
        room = self._chats.room(call.chat_id)
        buttons = buttons_of(call.reply_markup)
        reply = call.reply_parameters
        if reply is not None and reply.message_id not in room.shown:
            if not reply.allow_sending_without_reply:
                raise BadCall("Bad Request: message to be replied not found")
            reply = None
        return self._chats.post(
            room,
            "",
            words.text,
            title=words.title,
            links=words.links,
            buttons=buttons,
            reply_to=reply.message_id if reply else None,
            thread_id=call.message_thread_id,
            silent=bool(call.disable_notification),
        )

    def _sendPoll(self, call: methods.SendPoll) -> types.Message:
        shown = self._fake.polls.put(call)
        return self._fake.message(shown, self._fake.bot, poll=self._fake.polls.of(shown).state)

    def _stopPoll(self, call: methods.StopPoll) -> types.Poll:
        return self._fake.polls.stop(call)

    def _editMessageText(self, call: methods.EditMessageText) -> types.Message:
        shown = self._chats.find(call.chat_id, call.message_id, "edit")
        if shown.media is not None or shown.poll is not None:
            raise BadCall("Bad Request: there is no text in the message to edit")
        self._rewrite(shown, Rendered(call.text or "", call.parse_mode, 4096), call.reply_markup)
        return self._fake.message(shown, self._fake.bot, text=shown.text)

    def _editMessageCaption(self, call: methods.EditMessageCaption) -> types.Message:
        shown = self._chats.find(call.chat_id, call.message_id, "edit")
        if shown.media is None:
            raise BadCall("Bad Request: there is no caption in the message to edit")
        self._rewrite(shown, Rendered(call.caption or "", call.parse_mode, 1024), call.reply_markup)
        kind, name = shown.media
        return self._fake.message(shown, self._fake.bot, caption=shown.text, **{kind: _sent(kind, name)})

    def _rewrite(self, shown: Shown, words: Rendered, markup: object) -> None:
        new = (words.text, words.title, words.links, buttons_of(markup))
        if new == (shown.text, shown.title, shown.links, shown.buttons):
            raise BadCall(
                "Bad Request: message is not modified: specified new message content and reply markup are exactly "
                "the same as a current content and reply markup of the message"
            )
        shown.text, shown.title, shown.links, shown.buttons = new
        shown.edits += 1

    def _editMessageReplyMarkup(self, call: methods.EditMessageReplyMarkup) -> types.Message:
        shown = self._chats.find(call.chat_id, call.message_id, "edit")
        shown.buttons = buttons_of(call.reply_markup)
        shown.edits += 1
        return self._fake.message(shown, self._fake.bot, text=shown.text)

    def _answerCallbackQuery(self, call: methods.AnswerCallbackQuery) -> bool:
        if len(call.text or "") > 200:
            raise BadCall("Bad Request: MESSAGE_TOO_LONG")
        self._fake.toasts[call.callback_query_id] = call.text
        return True

    def _setMessageReaction(self, call: methods.SetMessageReaction) -> bool:
        emoji = [one.emoji for one in call.reaction or [] if isinstance(one, types.ReactionTypeEmoji)]
        if not set(emoji) <= _REACTIONS:
            raise BadCall("Bad Request: REACTION_INVALID")
        self._chats.find(call.chat_id, call.message_id, "react").reactions = emoji
        return True

    def _pinChatMessage(self, call: methods.PinChatMessage) -> bool:
        shown = self._chats.find(call.chat_id, call.message_id, "pin")
        room = self._chats.room(call.chat_id)
        if room.kind != "private" and room.statuses.get(self._fake.bot.id) != "administrator":
            raise BadCall("Bad Request: not enough rights to manage pinned messages in the chat")
        shown.pinned = True
        return True


def _sent(kind: str, name: str) -> Any:
    id_: dict[str, Any] = {"file_id": f"{name}-1280", "file_unique_id": name}
    match kind:
        case "photo":
            return photo_sizes(name)
        case "audio":
            return types.Audio(duration=1, **id_)
        case "video":
            return types.Video(width=1, height=1, duration=1, **id_)
    return types.Document(**id_, file_name=name)


def _json(result: object) -> str:
    if isinstance(result, BaseModel):
        return result.model_dump_json(exclude_none=True, by_alias=True)
    if isinstance(result, list):
        return f"[{','.join(_json(one) for one in result)}]"
    return json.dumps(result)
