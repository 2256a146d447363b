"""What Telegram sends when members answer the question their group was put; and the questions themselves, by bulk SQL."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any, TypeAlias

from bench.town import ACCOUNT, NOW, PACK, TODAY, Somebody, Town
from domain.question import Bank, Question

QUESTIONS = 60
BANK = Bank(
    PACK,
    "试读",
    "zh",
    tuple(
        Question(
            key=f"often-{n}",
            kind="single",
            stem="读书贵在什么？",
            options=("一天读完", "每天一点", "只读一遍"),
            right=(1,),
            explanation="每天读一点，胜过一天读很多。",
            source="《试读》",
        )
        for n in range(QUESTIONS)
    ),
)
Way: TypeAlias = Callable[["Answers", Somebody], list[bytes]]
"""One answer, as the updates that it brings."""


class Answers:
    """``together``: all members are in the first group, see `gather`."""

    def __init__(self, town: Town, *, together: bool = False) -> None:
        self.town = town
        self._first = Somebody(0) if together else None
        self._numbers = count(10_000_000)
        self._dice = random.Random(3)

    def of(self, number: int, *ways: Way) -> list[list[bytes]]:
        """So many members', by these ways in turn."""
        chosen = self._dice.sample(range(self.town.members), number)
        return [ways[place % len(ways)](self, Somebody(n)) for place, n in enumerate(chosen)]

    def vote(self, who: Somebody) -> list[bytes]:
        """With it comes how the poll stands now."""
        poll = f"{self._group(who)}"
        options = [{"persistent_id": f"{n}", "text": "每天一点", "voter_count": 3} for n in range(3)]
        state = {"id": poll, "question": "读书贵在什么？", "options": options, "total_voter_count": 9}
        state |= {"is_closed": False, "is_anonymous": False, "type": "quiz", "allows_multiple_answers": False}
        chosen = {"option_ids": [1], "option_persistent_ids": ["1"]}
        return [
            self._update(poll=state),
            self._update(poll_answer={"poll_id": poll, "user": _person(who), **chosen}),
        ]

    def say(self, who: Somebody) -> list[bytes]:
        entity = {"offset": 0, "length": len("/answer"), "type": "bot_command"}
        message = {"message_id": next(self._numbers), "date": NOW // 1000, "text": "/answer B"}
        message |= {"from": _person(who), "chat": self._chat(who), "entities": [entity]}
        return [self._update(message=message)]

    def _group(self, who: Somebody) -> int:
        return (self._first or who).group

    def _chat(self, who: Somebody) -> dict[str, Any]:
        return {"id": (self._first or who).chat, "title": "第一学习小组", "type": "supergroup"}

    def _update(self, **happened: Any) -> bytes:
        return json.dumps({"update_id": next(self._numbers), **happened}, ensure_ascii=False).encode()


def _person(who: Somebody) -> dict[str, Any]:
    return {"id": who.user, "is_bot": False, "first_name": who.name, "language_code": "zh-hans"}


def put_questions(town: Town) -> None:
    """Every group has been put the day's question, as a poll, too; and its members may be written to in private."""
    _run(
        town.path,
        """INSERT INTO quizzes (group_id, id, key, bank, question, asked_at)
           SELECT id, id + 1, 'day:' || :today, :bank, 'often-0', :now FROM groups""",
        """INSERT INTO polls (platform, account, poll_id, group_id, quiz_id, chat_id, message_id)
           SELECT 'telegram', :account, CAST(g.id AS TEXT), g.id, g.id + 1, c.chat_id, '77'
           FROM groups g JOIN chats c ON c.group_id = g.id""",
        "UPDATE accounts SET chat_id = user_id WHERE group_id = 0",
    )


def show_in_words(town: Town) -> None:
    """Where the question is no poll, it is shown anew with every answer."""
    _run(town.path, "UPDATE polls SET chat_id = 'elsewhere'")


def gather(town: Town) -> None:
    """All members are in the first group."""
    _run(
        town.path,
        "UPDATE members SET group_id = (SELECT min(id) FROM groups)",
        "UPDATE accounts SET group_id = (SELECT min(id) FROM groups) WHERE group_id > 0",
    )


def forget_answers(town: Town) -> None:
    _run(town.path, "DELETE FROM answers", "DELETE FROM cards")


def ask_before(town: Town, times: int) -> None:
    """Every group has been put some questions on earlier days, and is due for the next at ``QUIZ_AT``."""
    _run(
        town.path,
        f"""INSERT INTO quizzes (group_id, id, key, bank, question, asked_at)
            WITH RECURSIVE t(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM t WHERE n + 1 < {times})
            SELECT g.id, g.id + 2 + n, 'day:2026-01-0' || n, :bank, 'often-' || (n * 5), :now FROM groups g, t""",
        """INSERT INTO due (group_id, kind, key, at)
           SELECT id, 'quiz', :today, :quiz_at FROM groups""",
    )


QUIZ_AT = NOW + 9_000_000  # today at 12:30


def _run(path: Path, *statements: str) -> None:
    given = {"today": TODAY, "bank": PACK, "now": NOW, "account": ACCOUNT, "quiz_at": QUIZ_AT}
    with closing(sqlite3.connect(path, timeout=10)) as connection, connection:
        for sql in statements:
            connection.execute(sql, given)
