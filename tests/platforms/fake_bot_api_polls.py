"""The fake Telegram's polls: quizzes that the bot puts, people vote in, and administrators close."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiogram import methods, types

from tests.platforms.fake_bot_api_chats import Chats, Person, Shown
from tests.platforms.fake_bot_api_contract import BadCall

# What the docstrings of aiogram's SendPoll and InputPollOption state.
QUESTION, OPTION, OPTIONS, EXPLANATION = 300, 100, 12, 200


@dataclass
class Ballot:
    """One poll of the bot's, where it stands, and who chose what."""

    id: str
    shown: Shown
    question: str
    options: list[str]
    right: list[int]
    explanation: str | None
    several: bool
    closed: bool = False
    votes: dict[int, Sequence[int]] = field(default_factory=dict)

    @property
    def state(self) -> types.Poll:
        chosen = [place for places in self.votes.values() for place in places]
        return types.Poll(
            id=self.id,
            question=self.question,
            options=[
                types.PollOption(persistent_id=str(n), text=text, voter_count=chosen.count(n))
                for n, text in enumerate(self.options)
            ],
            total_voter_count=len(self.votes),
            is_closed=self.closed,
            is_anonymous=False,
            type="quiz",
            allows_multiple_answers=self.several,
            allows_revoting=False,
            members_only=False,
            correct_option_ids=self.right,
            explanation=self.explanation,
        )


class Polls:
    """``update`` queues an update; ``allowed`` is what administrators decide about polls in their chats."""

    def __init__(self, chats: Chats, update: Callable[..., int]) -> None:
        self.allowed = True
        self.ballots: dict[str, Ballot] = {}
        self._chats = chats
        self._update = update

    def put(self, call: methods.SendPoll) -> Shown:
        room = self._chats.room(call.chat_id)
        if not self.allowed:
            raise BadCall("Bad Request: not enough rights to send polls to the chat")
        options = [one if isinstance(one, str) else one.text for one in call.options]
        _check(call, options)
        shown = self._chats.post(
            room,
            "",
            call.question,
            thread_id=call.message_thread_id,
            silent=bool(call.disable_notification),
        )
        shown.poll = str(5_000_000_000_000_000_000 + len(self.ballots))
        self.ballots[shown.poll] = Ballot(
            shown.poll,
            shown,
            call.question,
            options,
            list(call.correct_option_ids or ()),
            call.explanation,
            bool(call.allows_multiple_answers),
        )
        return shown

    def stop(self, call: methods.StopPoll) -> types.Poll:
        shown = self._chats.room(call.chat_id).shown.get(call.message_id)
        ballot = self.ballots.get(shown.poll) if shown and shown.poll else None
        if ballot is None:
            raise BadCall("Bad Request: message with poll to stop not found")
        if ballot.closed:
            raise BadCall("Bad Request: poll has already been closed")
        return self.close(ballot)

    def close(self, ballot: Ballot) -> types.Poll:
        """As the bot does, or an administrator by hand."""
        ballot.closed = True
        self._update(poll=ballot.state)
        return ballot.state

    def of(self, shown: Shown) -> Ballot:
        assert shown.poll is not None
        return self.ballots[shown.poll]

    def vote(self, ballot: Ballot, person: Person, *places: int) -> int:
        """The update's id. Without places the vote is taken back."""
        ballot.votes[person.id] = places
        self._update(poll=ballot.state)
        return self.answer(ballot.id, person, *places)

    def answer(self, poll_id: str, person: Person, *places: int) -> int:
        """Of any poll, be it one that nobody knows."""
        chosen: dict[str, Any] = {
            "option_ids": list(places),
            "option_persistent_ids": [str(place) for place in places],
        }
        return self._update(poll_answer=types.PollAnswer(poll_id=poll_id, user=person.user, **chosen))


def _check(call: methods.SendPoll, options: list[str]) -> None:
    right = call.correct_option_ids or []
    if not 1 <= len(call.question) <= QUESTION:
        raise BadCall("Bad Request: poll question length must not exceed 300")
    if not 2 <= len(options) <= OPTIONS:
        raise BadCall("Bad Request: poll can't have more than 12 options")
    if any(not 1 <= len(one) <= OPTION for one in options):
        raise BadCall("Bad Request: poll options length must not exceed 100")
    if len(call.explanation or "") > EXPLANATION or (call.explanation or "").count("\n") > 2:
        raise BadCall("Bad Request: message is too long")
    if call.type == "quiz" and (not right or right != sorted(set(right)) or right[-1] >= len(options)):
        raise BadCall("Bad Request: wrong correct option ID specified")
    if len(right) > 1 and not call.allows_multiple_answers:
        raise BadCall("Bad Request: poll can't have multiple correct answers")
