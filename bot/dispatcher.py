"""The way of one message: dedupe, who speaks, what is meant, may they, do it, queue what is to be said — in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import structlog

from bot.ingress import Answer, Facts
from bot.router import Request, Router, check_allowed, is_only_talk
from content.texts import Texts
from domain.errors import NeedsFact, UserError
from domain.group import Chat, Group, Language, Role
from domain.incoming import Incoming
from domain.message import Line, Message, Priority, line
from domain.outgoing import SendError
from domain.wording import tidy_name
from handlers.call import Call, House, Reply
from handlers.joining import join_group
from storage import events, groups, members
from storage.members import Speaker
from storage.telling import tell_chat, tell_secretaries
from storage.tx import Database, Tx, key_of

TOAST_CHARS = 200
SILENT = Answer()
log = structlog.get_logger()


class Dispatcher:
    """``said`` is called after each transaction that may have queued messages. ``facts`` are asked by platform."""

    def __init__(
        self,
        database: Database,
        router: Router,
        house: House,
        texts: Texts,
        clock: Callable[[], int],
        said: Callable[[], None],
        facts: Mapping[str, Facts],
        default_language: Language = "zh",
    ) -> None:
        self._database = database
        self._router = router
        self._house = house
        self._texts = texts
        self._clock = clock
        self._said = said
        self._facts = facts
        self._language = default_language

    async def hear(self, incoming: Incoming) -> Answer:
        """Handle one event; a repeat changes nothing. Raises StorageError only when nothing could be stored."""
        try:
            request = self._router.understand(incoming)
        except UserError as wrong:
            return await self._refuse(incoming, wrong)
        if request is None and not incoming.service:
            return SILENT
        return await self._handle(incoming, request)

    async def _handle(self, incoming: Incoming, request: Request | None) -> Answer:
        try:
            answer = await self._database.transaction(self._act, incoming, request)
        except NeedsFact as missing:
            return await self._ask(incoming, request, missing.field)
        except UserError as wrong:
            return await self._refuse(incoming, wrong)
        except Exception as fault:
            return await self._apologise(incoming, fault)
        self._said()
        return answer

    async def _act(self, tx: Tx, event: Incoming, request: Request | None) -> Answer:
        now = self._clock()
        if not await events.first_time(tx, event, now):
            return SILENT
        speaker = await self._speaker(tx, event)
        if request is None:
            return await self._serve(tx, event, speaker, now)
        if is_only_talk(request, speaker.member.role if speaker.member else Role.GUEST):
            return SILENT
        return await self._run(tx, event, request, speaker, now)

    async def _run(self, tx: Tx, event: Incoming, request: Request, speaker: Speaker, now: int) -> Answer:
        speaker = await self._joined(tx, event, request, await self._alone(tx, event, speaker), now)
        check_allowed(request, event, speaker.member.role if speaker.member else Role.GUEST)
        call = Call(tx, now, event, self._house, request.args, request.press, speaker.group, speaker.member)
        return await self._answer(call, await request.command.run(call))

    async def _alone(self, tx: Tx, event: Incoming, seen: Speaker) -> Speaker:
        """The speaker as they are once nobody else acts for their group, or in a chat that is bound to none."""
        group = seen.group
        if not await tx.lock(
            group.id if group else key_of(f"{event.platform}:{event.account}:{event.chat_id}")
        ):
            return seen
        speaker = await self._speaker(tx, event)
        same = (speaker.group and speaker.group.id) == (group and group.id)
        return speaker if same else await self._alone(tx, event, speaker)

    async def _speaker(self, tx: Tx, event: Incoming) -> Speaker:
        if event.is_group:
            return await members.speaker_in_group(tx, event)
        return await members.speaker_in_private(tx, event)

    async def _joined(self, tx: Tx, event: Incoming, request: Request, speaker: Speaker, now: int) -> Speaker:
        """Whoever acts in a bound group is its member from then on; unless it is something anybody may do anywhere."""
        group, member = speaker.group, speaker.member
        press = request.press
        if press and group and press.group_id not in (0, group.id):
            raise UserError("button.foreign")
        if request.command.unbound:
            return speaker
        if group is None:
            raise UserError("group.unbound" if event.is_group else "group.none")
        if member is None:
            member = await join_group(tx, self._house.ids, now, group, event, Role.MEMBER)
        elif event.is_group and member.name != (name := tidy_name(event.sender_name)):
            await members.rename(tx, group.id, member.id, name)
            member = replace(member, name=name)
        if press and press.only not in (0, member.id):
            raise UserError("button.not_yours")
        return Speaker(group, member)

    async def _answer(self, call: Call, reply: Reply) -> Answer:
        """A short answer to a button goes back with the acknowledgement; everything else is queued."""
        if reply is None:
            return SILENT
        if isinstance(reply, Line):
            if call.press:
                return Answer(self._toast(call, reply))
            reply = Message((reply,))
        group = call.known_group
        language = self._tongue(call.incoming, Speaker(group, call.known_me))
        await self._queue(
            call.tx,
            call.incoming,
            reply,
            group.id if group else 0,
            language,
            call.press is not None,
            call.now,
        )
        return SILENT

    def _toast(self, call: Call, said: Line) -> str:
        """In the person's own language, even in a group: nobody else sees it."""
        own = call.known_me.language if call.known_me else None
        return self._texts.say(own or call.group.settings.language, said)[:TOAST_CHARS]

    def _tongue(self, event: Incoming, speaker: Speaker) -> Language:
        """In private the person's language, in a group the group's; unknown, the one their app speaks."""
        if speaker.member and speaker.member.language and not event.is_group:
            return speaker.member.language
        if speaker.group:
            return speaker.group.settings.language
        return "en" if (event.language or "").startswith("en") else self._language

    async def _queue(
        self,
        tx: Tx,
        event: Incoming,
        message: Message,
        group_id: int,
        language: Language,
        pressed: bool,
        now: int,
    ) -> None:
        chat = Chat(event.platform, event.account, event.chat_id, event.thread_id or "", event.is_group)
        await tell_chat(
            tx,
            self._house.ids,
            now,
            chat,
            message,
            group_id=group_id,
            language=language,
            # A mark on the message is the quickest sign that it was heard.
            priority=Priority.BUTTON if pressed or message.react else Priority.REPLY,
        )

    async def _serve(self, tx: Tx, event: Incoming, speaker: Speaker, now: int) -> Answer:
        """The bot was let into the chat, or thrown out of it, or may hear more or less than before."""
        chat = Chat(event.platform, event.account, event.chat_id, event.thread_id or "", event.is_group)
        await groups.reached(tx, chat, event.service == "joined")
        if not event.is_group:
            return SILENT
        if event.service == "left":
            await self._mourn(tx, event, speaker.group, now)
            return SILENT
        hears_little = [line("setup.hears_little")] if event.hears_everything is False else []
        if speaker.group is None:
            hello = line("setup.hello", word=self._house.vocabulary.word("zh", "setup"))
            await self._queue(
                tx, event, Message((hello, *hears_little)), 0, self._tongue(event, speaker), False, now
            )
        elif hears_little:
            await self._warn(tx, chat, speaker.group, hears_little, now)
        return SILENT

    async def _mourn(self, tx: Tx, event: Incoming, group: Group | None, now: int) -> None:
        if group is not None:
            lost = Message((line("sender.unreachable", name=event.chat_title or group.name),))
            await tell_secretaries(tx, self._house.ids, now, group, lost)

    async def _warn(self, tx: Tx, chat: Chat, group: Group, lines: Sequence[Line], now: int) -> None:
        """At most once on one of the group's days, however often the bot's rights change."""
        await tell_chat(
            tx,
            self._house.ids,
            now,
            chat,
            Message(tuple(lines)),
            group_id=group.id,
            language=group.settings.language,
            slot=f"hears:{group.settings.day(now)}",
        )

    async def _ask(self, event: Incoming, request: Request | None, field: str) -> Answer:
        """Handle the event with what only the platform knows; where it does not answer, the person is asked to try again."""
        try:
            informed = await self._with_fact(event, field)
        except SendError as silence:
            log.warning("platform_silent", platform=event.platform, error=type(silence).__name__)
            return await self._refuse(event, UserError("error.platform_silent"))
        return await self._handle(informed, request)

    async def _with_fact(self, event: Incoming, field: str) -> Incoming:
        """Where there is nobody to ask, nobody is an administrator, and everything is heard."""
        asked = self._facts.get(event.platform)
        if field == "sender_is_admin":
            known = asked is not None and await asked.sender_is_admin(event)
        else:
            # Not knowing is no reason to warn of anything.
            known = asked is None or await asked.hears_everything(event.chat_id) is not False
        return event.model_copy(update={field: known})

    async def _refuse(self, event: Incoming, wrong: UserError) -> Answer:
        """Say what was wrong and what to do next; nothing of what was tried is kept."""
        answer = await self._database.transaction(self._say_error, event, Line(wrong.key, wrong.params))
        self._said()
        return answer

    async def _apologise(self, event: Incoming, fault: Exception) -> Answer:
        """A fault of ours: keep the event, log it under a short reference, and give the person that reference."""
        reference = f"{self._house.ids.next(self._clock()) >> 10 & 0xFFFFFF:06X}"
        log.error("handler_failed", ref=reference, platform=event.platform, exc_info=fault)
        answer = await self._database.transaction(self._bury_and_say, event, fault, reference)
        self._said()
        return answer

    async def _bury_and_say(self, tx: Tx, event: Incoming, fault: Exception, reference: str) -> Answer:
        await events.bury(
            tx,
            id=self._house.ids.next(self._clock()),
            platform=event.platform,
            account=event.account,
            event_id=event.event_id,
            error=f"{reference} {type(fault).__name__}",
            raw=event.model_dump_json(),
            now=self._clock(),
        )
        return await self._say_error(tx, event, line("error.ours", ref=reference))

    async def _say_error(self, tx: Tx, event: Incoming, said: Line) -> Answer:
        now = self._clock()
        if not await events.first_time(tx, event, now):
            return SILENT
        speaker = await self._speaker(tx, event)
        own = speaker.member.language if speaker.member else None
        language = own or self._tongue(event, speaker)
        if event.action is not None:
            return Answer(self._texts.say(language, said)[:TOAST_CHARS])
        message = Message((said,), reply_to=event.message_id if event.is_group else None)
        await self._queue(tx, event, message, speaker.group.id if speaker.group else 0, language, False, now)
        return SILENT

    async def bury(self, platform: str, account: str, event_id: str, raw: bytes, error: str) -> None:
        """Keep an event nobody could read."""
        now = self._clock()
        log.error("event_buried", platform=platform, account=account, error=error)
        await self._database.transaction(
            events.bury,
            id=self._house.ids.next(now),
            platform=platform,
            account=account,
            event_id=event_id,
            error=error,
            raw=raw.decode("utf-8", "replace").replace("\x00", ""),
            now=now,
        )

    async def moved(self, platform: str, account: str, old_chat_id: str, new_chat_id: str) -> None:
        """A chat has a new id."""
        await self._database.transaction(groups.rename_chat, platform, account, old_chat_id, new_chat_id)
