"""The way of one message: dedupe, who speaks, what is meant, may they, do it, queue what is to be said — in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace

import structlog

from bot.ingress import Answer, Facts
from bot.replies import SILENT, Replies
from bot.router import Overheard, Request, Router, Understood, check_allowed, is_only_talk
from content.texts import Texts
from domain.errors import NeedsFact, NeedsFile, UserError
from domain.group import Language, Role
from domain.ids import brief
from domain.incoming import Incoming
from domain.message import Line, line
from domain.outgoing import Refused, SendError
from domain.wording import tidy_name
from handlers import voting
from handlers.call import Call, House, Reply
from handlers.joining import join_group
from handlers.presence import presence
from storage import events, groups, members, polls
from storage.members import Speaker
from storage.tx import AwaitedOutside, Database, StorageError, Tx, key_of

log = structlog.get_logger()
MOST_ASKED = 6
"""Times one event may be handled: two facts and a file, each asked for once, with room to spare."""


class AskedInVain(Exception):
    """A handler goes on asking for what it was given."""


class OnlyTalk(Exception):
    """What was overheard was for nobody here: nothing of it is stored."""


class Dispatcher:
    """``said`` is called after each transaction that may have queued messages. ``facts`` are asked by platform.

    ``heard(platform, outcome)`` counts events: ignored (talk), done (repeats too), refused, failed.
    """

    def __init__(
        self,
        database: Database,
        router: Router,
        house: House,
        texts: Texts,
        clock: Callable[[], int],
        said: Callable[[], None],
        facts: Mapping[str, Facts],
        heard: Callable[[str, str], None],
        default_language: Language = "zh",
    ) -> None:
        self._database = database
        self._router = router
        self._house = house
        self._clock = clock
        self._said = said
        self._facts = facts
        self._heard = heard
        self._replies = Replies(texts, house.ids, default_language)

    async def hear(self, incoming: Incoming) -> Answer:
        """Handle one event; a repeat changes nothing. Raises StorageError only when nothing could be stored."""
        try:
            request = self._router.understand(incoming)
        except UserError as wrong:
            return await self._refuse(incoming, wrong)
        if request is None and not incoming.service:
            self._heard(incoming.platform, "ignored")
            return SILENT
        return await self._handle(incoming, request)

    async def _handle(self, incoming: Incoming, request: Understood) -> Answer:
        file: object = None
        for _ in range(MOST_ASKED):
            try:
                return await self._try(incoming, request, file)
            except (NeedsFact, NeedsFile) as asked:
                wanted = asked
            try:
                if isinstance(wanted, NeedsFact):
                    incoming = await self._with_fact(incoming, wanted.field)
                else:
                    file = await self._read(incoming, wanted)
            except SendError as silence:
                return await self._refuse_silence(incoming, wanted, silence)
            except UserError as wrong:
                return await self._refuse(incoming, wrong)
            except Exception as fault:
                return await self._apologise(incoming, fault)
        return await self._apologise(incoming, AskedInVain(f"asked {MOST_ASKED} times"))

    async def _try(self, incoming: Incoming, request: Understood, file: object) -> Answer:
        """Raises `NeedsFact` and `NeedsFile`."""
        try:
            answer = await self._database.transaction(self._act, incoming, request, file)
        except (NeedsFact, NeedsFile):
            raise
        except OnlyTalk:
            self._heard(incoming.platform, "ignored")
            return SILENT
        except UserError as wrong:
            return await self._refuse(incoming, wrong)
        except StorageError as failed:
            if not isinstance(failed, AwaitedOutside):
                raise  # nothing is stored, so nothing is acknowledged: the platform brings it again
            return await self._apologise(incoming, failed)
        except Exception as fault:
            return await self._apologise(incoming, fault)
        self._said()
        self._heard(incoming.platform, "done")
        return answer

    async def _act(self, tx: Tx, event: Incoming, request: Understood, file: object = None) -> Answer:
        now = self._clock()
        if not await events.first_time(tx, event, now):
            return SILENT
        if isinstance(request, Request) and event.poll_id is not None:
            return await self._vote(tx, event, event.poll_id, request, now)
        speaker = await self._speaker(tx, event)
        if isinstance(request, Overheard):
            speaker = await self._alone(tx, event, speaker)
            if heard := await self._overhear(tx, event, request, speaker, now):
                return await self._replies.answer(*heard)
            if request.otherwise is None:
                raise OnlyTalk
            if isinstance(request.otherwise, UserError):
                raise request.otherwise
            request = request.otherwise
        if request is None:
            call = Call(tx, now, event, self._house, "", None, speaker.group, speaker.member)
            return await self._replies.answer(call, await presence(call))
        if is_only_talk(request, speaker.member.role if speaker.member else Role.GUEST):
            return SILENT
        return await self._run(tx, event, request, speaker, now, file)

    async def _overhear(
        self, tx: Tx, event: Incoming, overheard: Overheard, speaker: Speaker, now: int
    ) -> tuple[Call, Reply] | None:
        """The first feature that takes it for its own, and what it answers."""
        if speaker.group is None:
            return None
        for ask in overheard.asked:
            call = Call(tx, now, event, self._house, event.text, None, speaker.group, speaker.member)
            if (heard := await ask(call)) is not None:
                return call, heard.reply
        return None

    async def _vote(self, tx: Tx, event: Incoming, poll_id: str, request: Request, now: int) -> Answer:
        """In the chat where the poll stands. Raises `polls.TooEarly` while that may not be known yet."""
        poll = await polls.find(tx, event.platform, event.account, poll_id)
        if poll is None:
            await self._bury(tx, event, "unknown poll")
            return SILENT
        event = event.model_copy(update={"chat_id": poll.chat_id})
        speaker = await self._speaker(tx, event)
        if speaker.group is None or speaker.group.id != poll.group_id:
            return SILENT  # the chat belongs to another group by now, or to none
        args = f"{brief(poll.quiz_id)}_{','.join(map(str, event.choices))}"
        return await self._run(tx, event, replace(request, args=args), speaker, now, None)

    async def _run(
        self, tx: Tx, event: Incoming, request: Request, speaker: Speaker, now: int, file: object
    ) -> Answer:
        speaker = await self._joined(tx, event, request, await self._alone(tx, event, speaker), now)
        check_allowed(request, event, speaker.member.role if speaker.member else Role.GUEST)
        call = Call(
            tx, now, event, self._house, request.args, request.press, speaker.group, speaker.member, file
        )
        return await self._replies.answer(call, await request.command.run(call))

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

    async def _refuse_silence(
        self, event: Incoming, wanted: NeedsFact | NeedsFile, silence: SendError
    ) -> Answer:
        """Where the platform does not answer, the person is asked to try again."""
        log.warning("platform_silent", platform=event.platform, error=type(silence).__name__)
        key = "error.platform_silent" if isinstance(wanted, NeedsFact) else "file.silent"
        return await self._refuse(event, UserError(key))

    async def _read(self, event: Incoming, wanted: NeedsFile) -> object:
        """What the handler makes of the file. Raises SendError where it cannot be had just now, UserError where it is of no use."""
        asked = self._facts.get(event.platform)
        if asked is None:
            raise Refused("files cannot be fetched here")
        content = await asked.fetch(event, wanted.attachment, wanted.most)
        return await asyncio.to_thread(wanted.read, content)

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
        self._heard(event.platform, "refused")
        answer = await self._database.transaction(self._say_error, event, Line(wrong.key, wrong.params))
        self._said()
        return answer

    async def _apologise(self, event: Incoming, fault: Exception) -> Answer:
        """A fault of ours: keep the event, log it under a short reference, and give the person that reference."""
        self._heard(event.platform, "failed")
        reference = f"{self._house.ids.next(self._clock()) >> 10 & 0xFFFFFF:06X}"
        log.error("handler_failed", ref=reference, platform=event.platform, exc_info=fault)
        answer = await self._database.transaction(self._bury_and_say, event, fault, reference)
        self._said()
        return answer

    async def _bury_and_say(self, tx: Tx, event: Incoming, fault: Exception, reference: str) -> Answer:
        await self._bury(tx, event, f"{reference} {type(fault).__name__}")
        return await self._say_error(tx, event, line("error.ours", ref=reference))

    async def _bury(self, tx: Tx, event: Incoming, error: str) -> None:
        await events.bury(
            tx,
            id=self._house.ids.next(self._clock()),
            platform=event.platform,
            account=event.account,
            event_id=event.event_id,
            error=error,
            raw=event.model_dump_json(),
            now=self._clock(),
        )

    async def _say_error(self, tx: Tx, event: Incoming, said: Line) -> Answer:
        now = self._clock()
        if not await events.first_time(tx, event, now) or event.poll_id is not None:
            return SILENT  # who votes in a poll says nothing that a chat would wait for an answer to
        return await self._replies.error(tx, event, await self._speaker(tx, event), said, now)

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

    async def stopped(self, platform: str, account: str, poll_id: str) -> None:
        """A poll takes no more answers."""
        await self._database.transaction(
            voting.stopped, self._house.ids, self._clock(), platform, account, poll_id
        )
        self._said()
