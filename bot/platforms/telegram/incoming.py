"""From Telegram's update to the program's own `Incoming`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from bot.platforms.telegram import words
from bot.platforms.telegram.rules import PLATFORM
from bot.platforms.telegram.updates import (
    CallbackQuery,
    Chat,
    ChatMemberUpdated,
    File,
    Message,
    PollAnswer,
    Quoted,
    Update,
    User,
)
from bot.platforms.telegram.words import Me, shown_name
from domain.file import file_name
from domain.incoming import Attachment, AttachmentKind, Incoming, Mention


class Decoder:
    """Reads updates as the bot ``me``. ``clock`` (UTC epoch ms) is for pressed buttons, which bear none."""

    def __init__(self, me: Me, clock: Callable[[], int]) -> None:
        self._me = me
        self._account = str(me.id)
        self._clock = clock

    def decode(self, update: Update) -> Incoming | None:
        """None for what no handler wants: other kinds of update, other bots, channels, service messages."""
        if update.message is not None:
            return self._moving(update.message, str(update.update_id)) or self._message(
                update.message, str(update.update_id)
            )
        if update.callback_query is not None:
            return self._press(update.callback_query, str(update.update_id))
        if update.my_chat_member is not None:
            return self._standing(update.my_chat_member, str(update.update_id))
        if update.chat_member is not None:
            return self._standing_of_another(update.chat_member, str(update.update_id))
        if update.poll_answer is not None:
            return self._vote(update.poll_answer, str(update.update_id))
        return None

    def _message(self, message: Message, event_id: str) -> Incoming | None:
        sender, chat = message.from_, message.chat
        if sender is None or sender.is_bot or message.sender_chat or not _talks(chat):
            return None  # an anonymous administrator writes as the chat itself, and a chat cannot be a member
        said = words.read(
            message.text or message.caption or "", message.entities or message.caption_entities, self._me
        )
        attachments = _attachments(message)
        if chat.is_group and (
            said.to_another or not (said.text or said.mentions or said.to_me or attachments)
        ):
            return None
        quoted = _answered(message)
        return Incoming(
            platform=PLATFORM,
            account=self._account,
            event_id=event_id,
            chat_id=str(chat.id),
            thread_id=_thread(message.message_thread_id, message.is_topic_message),
            message_id=str(message.message_id),
            sender_id=str(sender.id),
            sender_name=shown_name(sender),
            text=said.text,
            is_group=chat.is_group,
            addressed=said.to_me or not chat.is_group or self._wrote(quoted),
            mentions=said.mentions,
            attachments=attachments,
            reply_to=str(quoted.message_id) if quoted else None,
            reply_to_sender=_author(quoted),
            chat_title=_title(chat),
            language=sender.language_code,
            sent_at=message.date * 1000,
        )

    def _press(self, query: CallbackQuery, event_id: str) -> Incoming | None:
        message, sender = query.message, query.from_
        if message is None or query.data is None or not _talks(message.chat):
            return None
        return Incoming(
            platform=PLATFORM,
            account=self._account,
            event_id=event_id,
            chat_id=str(message.chat.id),
            thread_id=_thread(message.message_thread_id, message.is_topic_message),
            message_id=str(message.message_id),
            sender_id=str(sender.id),
            sender_name=shown_name(sender),
            is_group=message.chat.is_group,
            addressed=True,
            action=query.data,
            chat_title=_title(message.chat),
            language=sender.language_code,
            sent_at=self._clock(),
        )

    def _vote(self, vote: PollAnswer, event_id: str) -> Incoming | None:
        """Polls name no chat: where this one stands is looked up by its id."""
        sender = vote.user
        if sender is None or sender.is_bot or vote.voter_chat is not None:
            return None
        return Incoming(
            platform=PLATFORM,
            account=self._account,
            event_id=event_id,
            chat_id="",
            sender_id=str(sender.id),
            sender_name=shown_name(sender),
            is_group=True,
            addressed=True,
            poll_id=vote.poll_id,
            choices=vote.option_ids,
            language=sender.language_code,
            sent_at=self._clock(),
        )

    def _standing(self, change: ChatMemberUpdated, event_id: str) -> Incoming | None:
        """The bot came, went, or gained or lost the rights by which it hears everything."""
        before, after, sender, chat = (
            change.old_chat_member,
            change.new_chat_member,
            change.from_,
            change.chat,
        )
        came = after.inside and (not before.inside or before.administers != after.administers)
        if not (came or (before.inside and not after.inside)) or not _talks(chat):
            return None
        return Incoming(
            platform=PLATFORM,
            account=self._account,
            event_id=event_id,
            chat_id=str(chat.id),
            sender_id=str(sender.id),
            sender_name=shown_name(sender),
            is_group=chat.is_group,
            service="joined" if came else "left",
            hears_everything=True if came and (after.administers or not chat.is_group) else None,
            chat_title=_title(chat),
            language=sender.language_code,
            sent_at=change.date * 1000,
        )

    def _moving(self, message: Message, event_id: str) -> Incoming | None:
        """A service message that people came into the chat, or that somebody left it or was taken out."""
        gone = message.left_chat_member
        people = (gone,) if gone else message.new_chat_members
        return self._moved(
            message.chat, message.from_, people, "went" if gone else "came", message.date, event_id
        )

    def _standing_of_another(self, change: ChatMemberUpdated, event_id: str) -> Incoming | None:
        """The same, where the bot administers the chat: also of those the chat says nothing about."""
        before, after = change.old_chat_member, change.new_chat_member
        if after.user is None or before.inside == after.inside:
            return None
        service: Literal["came", "went"] = "came" if after.inside else "went"
        return self._moved(change.chat, change.from_, (after.user,), service, change.date, event_id)

    def _moved(
        self,
        chat: Chat,
        sender: User | None,
        people: tuple[User, ...],
        service: Literal["came", "went"],
        seconds: int,
        event_id: str,
    ) -> Incoming | None:
        """Other bots, and the bot itself, are nobody's members: `_standing` hears of its own coming and going."""
        meant = tuple(Mention(name=shown_name(one), user_id=str(one.id)) for one in people if not one.is_bot)
        if not meant or not chat.is_group:
            return None
        by = sender or people[0]
        return Incoming(
            platform=PLATFORM,
            account=self._account,
            event_id=event_id,
            chat_id=str(chat.id),
            sender_id=str(by.id),
            sender_name=shown_name(by),
            is_group=True,
            service=service,
            people=meant,
            chat_title=_title(chat),
            sent_at=seconds * 1000,
        )

    def _wrote(self, quoted: Quoted | None) -> bool:
        return quoted is not None and quoted.from_ is not None and quoted.from_.id == self._me.id


def _talks(chat: Chat) -> bool:
    return chat.is_group or chat.type == "private"


def _title(chat: Chat) -> str | None:
    return words.tidy(chat.title) if chat.title else None


def _thread(thread_id: int | None, in_topic: bool) -> str | None:
    """Outside of forums a thread id is only the start of a chain of replies."""
    return str(thread_id) if in_topic and thread_id is not None else None


def _answered(message: Message) -> Quoted | None:
    """In a topic every message that answers nothing claims to answer the message that opened the topic."""
    quoted = message.reply_to_message
    if quoted is None or (message.is_topic_message and quoted.message_id == message.message_thread_id):
        return None
    return quoted


def _author(quoted: Quoted | None) -> Mention | None:
    """A person; a bot or a channel is nobody a handler could mean."""
    author: User | None = quoted.from_ if quoted and quoted.sender_chat is None else None
    return Mention(name=shown_name(author), user_id=str(author.id)) if author and not author.is_bot else None


def _attachments(message: Message) -> tuple[Attachment, ...]:
    if message.photo:
        return _attachment("photo", message.photo[-1], message)  # the last is the largest
    if message.video:
        return _attachment("video", message.video, message)
    if message.voice:
        return _attachment("voice", message.voice, message)
    if message.audio:
        return _attachment("audio", message.audio, message)
    return _attachment("document", message.document, message) if message.document else ()


def _attachment(kind: AttachmentKind, file: File, message: Message) -> tuple[Attachment, ...]:
    found = Attachment(
        kind=kind,
        file_id=file.file_id,
        size=file.file_size,
        name=file_name(file.file_name, "") if file.file_name else "",
        album_id=message.media_group_id,
    )
    return (found,)
