"""A row of the outbox becomes words: looked up where it is live, said in its language, sealed, cut to what the chat can show."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from bot.sending.clip import clip, size, surely_fits, units
from content.texts import Texts, tame
from domain.incoming import Capabilities, QuizLimits
from domain.message import Button, Message, Poll, line
from domain.outgoing import Ballot, Order, Outgoing
from domain.seal import Sealer
from storage import accounts
from storage.outbox import OutboxRow
from storage.tx import Database, Tx

Composer: TypeAlias = Callable[[Tx, int, str, int], Awaitable[Message | None]]
"""(tx, group_id, arg, now) → what a live message says now, None when there is nothing to show any longer."""


class Reaction(NamedTuple):
    message_id: str
    emoji: str


class Draft(NamedTuple):
    """A row with all that the database knows about it."""

    row: OutboxRow
    message: Message | None = None
    """None: there is nothing to show any longer."""
    users: Mapping[int, str] = MappingProxyType({})
    """Person id → the platform's user id, of those the message calls."""
    fault: Exception | None = None
    """Why the message could not be found out."""

    @property
    def is_reaction(self) -> bool:
        return self.message is not None and self.message.react is not None


class Renderer:
    def __init__(
        self, texts: Texts, sealer: Sealer, composers: Mapping[str, Composer], database: Database
    ) -> None:
        self._texts = texts
        self._sealer = sealer
        self._composers = composers
        self._database = database

    async def drafts(self, rows: Sequence[OutboxRow], lane: str, now: int) -> list[Draft]:
        """One draft a row, in their order. What must be looked up is looked up in one reading of the database."""
        drafts = [_parsed(row) for row in rows]
        open_places = [place for place, draft in enumerate(drafts) if _must_look_up(draft)]
        if open_places:
            found = await self._look_up([drafts[place] for place in open_places], lane, now)
            for place, draft in zip(open_places, found, strict=True):
                drafts[place] = draft
        return drafts

    def words(self, draft: Draft, able: Capabilities, now: int) -> Outgoing | Reaction | None:
        """What the platform is to show. Raises KeyError for a text that is missing, the draft's own fault if it has one."""
        if draft.fault is not None:
            raise draft.fault
        if draft.message is None:
            return None
        if draft.message.react is not None:
            return Reaction(draft.message.reply_to, draft.message.react) if draft.message.reply_to else None
        if draft.message.poll is not None and draft.message.poll.closed and not able.quiz:
            return None
        return self._outgoing(draft.row, draft.message, draft.users, able, now)

    async def render(
        self, row: OutboxRow, lane: str, able: Capabilities, now: int
    ) -> Outgoing | Reaction | None:
        """`drafts` and `words` for a single row."""
        (draft,) = await self.drafts([row], lane, now)
        return self.words(draft, able, now)

    async def _look_up(self, drafts: Sequence[Draft], lane: str, now: int) -> list[Draft]:
        try:
            return await self._database.read(self._complete, drafts, lane, now)
        except Exception as fault:
            if len(drafts) == 1:
                return [Draft(drafts[0].row, fault=fault)]
        # One broken row must not hold up the others it was read together with.
        return [(await self._look_up([draft], lane, now))[0] for draft in drafts]

    async def _complete(self, tx: Tx, drafts: Sequence[Draft], lane: str, now: int) -> list[Draft]:
        return [await self._completed(tx, draft, lane, now) for draft in drafts]

    async def _completed(self, tx: Tx, draft: Draft, lane: str, now: int) -> Draft:
        message = draft.message
        if message is not None and message.live is not None:
            compose = self._composers[message.live.kind]
            message = await compose(tx, draft.row.group_id, message.live.arg, now)
        if message is None:
            return Draft(draft.row)
        people = [person for _, person in message.mentions]
        return Draft(draft.row, message, await accounts.user_ids(tx, lane, people))

    def _outgoing(
        self, row: OutboxRow, message: Message, users: Mapping[int, str], able: Capabilities, now: int
    ) -> Outgoing:
        title = self._texts.say(row.language, message.title) if message.title else ""
        text = "\n".join([self._texts.say(row.language, one) for one in message.lines])
        hint = "" if able.buttons or not message.buttons else self._hint(row.language, message.buttons)
        title, text = _fit(title, text, hint, able)
        return Outgoing(
            chat_id=row.chat_id,
            text=text,
            title=title,
            thread_id=row.thread_id or None,
            buttons=self._buttons(row, message.buttons, now) if able.buttons else (),
            media=message.media,
            file=_order(row, message) if able.files else None,
            poll=self._ballot(row.language, message.poll, able.quiz) if message.poll and able.quiz else None,
            reply_to=message.reply_to,
            silent=message.silent,
            pin=message.pin,
            mentions=_called(message, users) if able.mentions else (),
        )

    def _ballot(self, language: str, poll: Poll, most: QuizLimits) -> Ballot | None:
        """None where it does not fit. Of an explanation that is too long the end goes."""
        options = tuple(tame(self._texts.say(language, one)) for one in poll.options)
        asked = poll.question
        question = tame(asked if isinstance(asked, str) else self._texts.say(language, asked))
        fits = units(question) <= most.question_chars and len(options) <= most.options
        if not poll.closed and not (fits and all(units(one) <= most.option_chars for one in options)):
            return None
        because = self._texts.say(language, poll.explanation) if poll.explanation else ""
        explanation = clip(because, most.explanation_chars)
        return Ballot(poll.quiz_id, question, options, poll.right, explanation, poll.closed)

    def _buttons(
        self, row: OutboxRow, buttons: tuple[tuple[Button, ...], ...], now: int
    ) -> tuple[tuple[tuple[str, str], ...], ...]:
        return tuple(
            tuple(
                (self._texts.say(row.language, one.label), self._sealer.seal(one, row.group_id, now))
                for one in together
            )
            for together in buttons
        )

    def _hint(self, language: str, buttons: tuple[tuple[Button, ...], ...]) -> str:
        """The buttons' labels as words that can be written instead."""
        words = tuple(one.label for together in buttons for one in together)
        return self._texts.say(language, line("button.instead", words=words))


def _order(row: OutboxRow, message: Message) -> Order | None:
    if message.file is None:
        return None
    return Order(row.group_id, row.person_id, message.file, "en" if row.language == "en" else "zh")


def _parsed(row: OutboxRow) -> Draft:
    try:
        return Draft(row, Message.parse(row.body))
    except Exception as fault:  # whatever a damaged row holds, it fails alone
        return Draft(row, fault=fault)


def _must_look_up(draft: Draft) -> bool:
    return draft.message is not None and bool(draft.message.live or draft.message.mentions)


def _called(message: Message, users: Mapping[int, str]) -> tuple[tuple[str, str], ...]:
    return tuple((tame(name), users[person]) for name, person in message.mentions if person in users)


def _fit(title: str, text: str, hint: str, able: Capabilities) -> tuple[str, str]:
    """Title and text that fit together, a line break between them. Of a long text the end goes, never the hint."""
    if surely_fits(len(title) + len(text) + len(hint) + 2, able.text_chars, able.text_bytes):
        return title, f"{text}\n{hint}" if hint and text else text or hint
    title = clip(title, able.text_chars // 2, able.text_bytes and able.text_bytes // 2)
    around = f"{title}\n" * bool(title) + f"\n{hint}" * bool(hint)
    most_bytes = None if able.text_bytes is None else able.text_bytes - size(around)
    text = clip(text, able.text_chars - units(around), most_bytes)
    return title, "\n".join(filter(None, (text, hint)))
