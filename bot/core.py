"""The middle of the program, the same wherever it runs: who hears, what time does, and the senders they wake."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from bot.clock import Clock
from bot.dispatcher import Dispatcher
from bot.fetching import Fetcher
from bot.ingress import Facts
from bot.router import Router
from bot.sending.making import Maker, Makers
from bot.sending.renderer import Renderer
from bot.sending.sender import Count, Sender
from content.cycles import shipped_templates
from content.points import shipped_rules
from content.texts import Texts
from content.words import Words
from domain.group import Chat, Language
from domain.ids import Ids
from domain.message import Message, line
from domain.outgoing import Transport
from domain.points import Rules
from domain.seal import Sealer
from domain.template import Template
from handlers import (
    COMMANDS,
    bank_files,
    charts,
    likeness_pair,
    minutes,
    newsletter_file,
    peer_photo,
    privacy,
    work_file,
)
from handlers.bank_look import compose_bank_stats
from handlers.board import compose_board
from handlers.boards import compose_any_stage
from handlers.call import Command, House
from handlers.contest_board import compose_contest
from handlers.cycle_file import make_cycle_report
from handlers.cycle_template_file import make_template
from handlers.export import make_export
from handlers.peer_board import compose_reviews
from handlers.quiz import compose_quiz
from handlers.reflection_board import compose_reflections
from handlers.today import compose_item
from scheduler import contest, cycle, daily, honours, likeness, quiz, review, rhythm, teams
from scheduler.stages import exhibition
from scheduler.stages import review as peer_review
from scheduler.tick import Job, Tick
from storage import groups, reviews
from storage.media import MediaStore
from storage.telling import tell_secretaries
from storage.tx import Database, Tx


def nothing_counted(platform: str, outcome: str) -> None:
    """For where nobody looks at figures."""


JOBS = {
    rhythm.PUSH: daily.push,
    rhythm.QUIZ: quiz.ask,
    rhythm.REMIND: daily.remind,
    rhythm.CLOSE: daily.close,
    rhythm.RESUME: daily.resume,
    cycle.STAGE: cycle.fire,
    reviews.REPAIR: peer_review.fire_repair,
    teams.TEAMS: teams.fire,
    exhibition.VOTE: exhibition.fire,
    likeness.LIKENESS: likeness.check,
    contest.OPEN: contest.open_contest,
    contest.CLOSE: contest.close_contest,
    review.REVIEW: review.remind,
    honours.KIND: honours.award,
}
MAKERS: dict[str, Maker] = {
    charts.KIND: charts.make_stats,
    "export": make_export,
    minutes.KIND: minutes.make_minutes,
    "cycle_report": make_cycle_report,
    "cycle_template": make_template,
    **bank_files.MAKERS,
}
COMPOSERS = {
    peer_review.REVIEWS: compose_reviews,
    "board": compose_board,
    "bank_stats": compose_bank_stats,
    "item": compose_item,
    "quiz": compose_quiz,
    "contest": compose_contest,
    "contest_result": contest.compose_result,
    "stage": compose_any_stage,
    "reflections": compose_reflections,
}


def jobs(rules: Rules) -> dict[str, Job]:
    """What is done for each kind of due row, by the installation's own rules of points."""
    return {**JOBS, cycle.STAGE: partial(cycle.fire, rules=rules)}


@dataclass(frozen=True, slots=True)
class Given:
    """What the middle of the program is given by whoever starts it."""

    database: Database
    clock: Clock
    rng: random.Random
    key: bytes
    """The installation's own, for sealing buttons."""
    new_token: Callable[[], str]
    owner: str
    """Unique to this process: it holds the leases of the lanes it speaks for."""
    worker: int
    """0 … 1023, for ids."""
    public_url: str
    language: Language = "zh"
    templates: tuple[Template, ...] = field(default_factory=shipped_templates)
    """For activities."""
    rules: Rules = field(default_factory=shipped_rules)
    """What is worth how many points."""
    media: Path | None = None
    """Where the pictures and sounds of packs are kept."""
    invitation: Callable[[str, str, str], str | None] = lambda platform, account, payload: None
    sent: Count = nothing_counted
    heard: Count = nothing_counted
    """(platform, outcome) of what is said and of what is heard."""
    facts: dict[str, Facts] = field(default_factory=dict)
    """By platform; filled as platforms are opened."""
    photos: MediaStore | None = None
    """Where people's pictures are kept. Nobody may look into it but through the program, which asks who they are."""
    seen: Callable[[str], None] = lambda chat_id: None
    """Told of a chat of the browser in which a picture now shows."""


class Core:
    def __init__(
        self,
        given: Given,
        texts: Texts,
        words: Words,
        *,
        commands: Sequence[Command] = COMMANDS,
        makers: Mapping[str, Maker] = MAKERS,
    ) -> None:
        self._given = given
        self.texts = texts
        self.words = words
        self.ids = Ids(given.worker)
        sealer = Sealer(given.key)
        house = House(
            self.ids,
            given.new_token,
            given.public_url,
            words,
            given.invitation,
            given.rules,
            given.media,
            given.templates,
        )
        self._renderer = Renderer(texts, sealer, COMPOSERS, given.database)
        self.makers = Makers(
            {
                **makers,
                **newsletter_file.makers(given.photos),
                **peer_photo.makers(given.photos),
                **work_file.makers(given.photos),
                **likeness_pair.makers(given.photos),
                **privacy.makers(given.photos),
            },
            given.database,
            texts,
            given.clock,
        )
        self.senders: list[Sender] = []
        self.dispatcher = Dispatcher(
            given.database,
            Router(commands, words, sealer),
            house,
            texts,
            given.clock,
            self.wake_senders,
            given.facts,
            given.heard,
            given.language,
        )
        self.tick = Tick(given.database, self.ids, jobs(given.rules), given.clock, self.wake_senders)
        self.fetcher = Fetcher(
            given.database, given.facts, given.photos, self.ids, given.clock, self.wake_senders, given.seen
        )

    async def run_due(self) -> int | None:
        """Everything that is due now, with what is to be fetched; returns when the next will be. For a clock moved by hand."""
        fetched = await self.fetcher.run_due()
        later = [at for at in (await self.tick.run(), fetched) if at is not None]
        return min(later, default=None)

    def speak_through(self, transport: Transport) -> Sender:
        """A sender for one more bot account; whoever starts the program runs it."""
        sender = Sender(
            self._given.database,
            transport,
            self._renderer,
            clock=self._given.clock,
            rng=self._given.rng,
            owner=self._given.owner,
            on_unreachable=self._tell_of_unreachable,
            count=self._given.sent,
        )
        self.senders.append(sender)
        return sender

    def wake_senders(self) -> None:
        for sender in self.senders:
            sender.wake()

    async def _tell_of_unreachable(self, tx: Tx, now: int, group_id: int, chat: Chat) -> None:
        group = await groups.find(tx, group_id)
        if group is not None and chat.is_group:
            title = await groups.chat_title(tx, chat) or group.name
            await tell_secretaries(
                tx, self.ids, now, group, Message((line("sender.unreachable", name=title),))
            )
