"""How what a handler returned, or an error, reaches the person: with the acknowledgement, or through the outbox."""

from __future__ import annotations

from bot.ingress import Answer
from content.texts import Texts
from domain.group import Chat, Language
from domain.ids import Ids
from domain.incoming import Incoming
from domain.message import Line, Message, Priority
from handlers.call import Call, Reply
from storage.members import Speaker
from storage.telling import tell_chat
from storage.tx import Tx

TOAST_CHARS = 200
"""answerCallbackQuery takes so many (https://core.telegram.org/bots/api#answercallbackquery); it is enough anywhere."""
SILENT = Answer()


class Replies:
    """``default`` is spoken to people of whom no language is known."""

    def __init__(self, texts: Texts, ids: Ids, default: Language) -> None:
        self._texts = texts
        self._ids = ids
        self._default = default

    async def answer(self, call: Call, reply: Reply) -> Answer:
        """A short answer to a button goes back with the acknowledgement; everything else is queued."""
        if reply is None:
            return SILENT
        speaker = Speaker(call.known_group, call.known_me)
        if isinstance(reply, Line):
            if call.press:
                own = call.known_me.language if call.known_me else None
                return self._toast(own or self._tongue(call.incoming, speaker), reply)
            reply = Message((reply,))
        await self._queue(
            call.tx, call.incoming, speaker, reply, self._tongue(call.incoming, speaker), call.now
        )
        return SILENT

    async def error(self, tx: Tx, event: Incoming, speaker: Speaker, said: Line, now: int) -> Answer:
        """In the person's own language, even in a group: it is meant for them alone."""
        own = speaker.member.language if speaker.member else None
        language = own or self._tongue(event, speaker)
        if event.action is not None:
            return self._toast(language, said)
        message = Message((said,), reply_to=event.message_id if event.is_group else None)
        await self._queue(tx, event, speaker, message, language, now)
        return SILENT

    def _toast(self, language: Language, said: Line) -> Answer:
        return Answer(self._texts.say(language, said)[:TOAST_CHARS])

    def _tongue(self, event: Incoming, speaker: Speaker) -> Language:
        """In private the person's language, in a group the group's; unknown, the one their app speaks."""
        if speaker.member and speaker.member.language and not event.is_group:
            return speaker.member.language
        if speaker.group:
            return speaker.group.settings.language
        return "en" if (event.language or "").startswith("en") else self._default

    async def _queue(
        self, tx: Tx, event: Incoming, speaker: Speaker, message: Message, language: Language, now: int
    ) -> None:
        # A mark on the message is the quickest sign that it was heard.
        quick = event.action is not None or message.react is not None
        await tell_chat(
            tx,
            self._ids,
            now,
            Chat(event.platform, event.account, event.chat_id, event.thread_id or "", event.is_group),
            message,
            group_id=speaker.group.id if speaker.group else 0,
            person_id=speaker.member.id if speaker.member and not event.is_group else 0,
            language=language,
            priority=Priority.BUTTON if quick else Priority.REPLY,
        )
