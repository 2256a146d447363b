"""A database full of study groups, made quickly by bulk SQL: fifty members each, half of whom have checked in today."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from domain.day import HOUR, MINUTE
from storage.migrate import migrate

ACCOUNT = "5550001"
BOT_NAME = "xueban_bench_bot"
LANE = f"telegram:{ACCOUNT}"
PACK = "bench"
NOW = 1_772_416_800_000  # 2026-03-02T10:00+08:00
TODAY = "2026-03-02"
YESTERDAY = "2026-03-01"
TOMORROW = "2026-03-03"
PUSH_AT = NOW + 21 * HOUR + 30 * MINUTE  # tomorrow at 07:30
GROUP_SIZE = 50
_ID = 1 << 32
"""Ids in the program begin with a time, so they lie apart by about so much."""
_PEOPLE = 1 << 50
_GROUPS = 1 << 49
_USERS = 5_000_000_000
_CHATS = 1_001_000_000_000


@dataclass(frozen=True, slots=True)
class Somebody:
    """A member, as Telegram knows them."""

    number: int

    @property
    def user(self) -> int:
        return _USERS + self.number

    @property
    def chat(self) -> int:
        return -(_CHATS + self.number // GROUP_SIZE)

    @property
    def group(self) -> int:
        """The group's id."""
        return _GROUPS + self.number // GROUP_SIZE * _ID

    @property
    def name(self) -> str:
        return f"张三{self.number}"


@dataclass(frozen=True, slots=True)
class Town:
    path: Path
    members: int
    groups: int

    @property
    def url(self) -> str:
        return f"sqlite:///{self.path}"

    def everybody(self) -> Iterator[Somebody]:
        return map(Somebody, range(self.members))

    def late(self, seed: int, number: int, groups: int | None = None) -> list[Somebody]:
        """So many of those who have not checked in yet, in random order; of so many random groups, or of any.

        Raises ValueError where there are fewer.
        """
        dice = random.Random(seed)
        if groups is None:
            return [Somebody(n) for n in dice.sample(range(1, self.members, 2), number)]
        firsts = [GROUP_SIZE * group for group in dice.sample(range(self.groups), groups)]
        late = [first + n for first in firsts for n in range(1, GROUP_SIZE, 2)]
        return [Somebody(n) for n in dice.sample(late, number)]


def build(path: Path, members: int, *, groups: int = 0, due: int = 0) -> Town:
    """A new database. ``groups`` without members, where there are more of them than the members fill; each with its push
    due tomorrow, and with further ``due`` rows for later."""
    town = Town(path, members, max(groups, members // GROUP_SIZE))
    migrate(town.url)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-200000"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN")
        for sql in _FILL:
            connection.execute(sql, _parameters(town, due))
        connection.execute("COMMIT")
    return town


def forget_today(path: Path) -> None:
    """Let those who had not checked in when the database was made be so again."""
    with closing(sqlite3.connect(path, timeout=10)) as connection, connection:
        for sql in _FORGET:
            connection.execute(
                sql, {"now": NOW, "today": TODAY, "yesterday": YESTERDAY, "half": GROUP_SIZE // 2}
            )


def _parameters(town: Town, due: int) -> dict[str, object]:
    return {
        "members": town.members,
        "groups": town.groups,
        "due": town.groups * due,
        "push": PUSH_AT,
        "size": GROUP_SIZE,
        "half": GROUP_SIZE // 2,
        "account": ACCOUNT,
        "person0": _PEOPLE,
        "group0": _GROUPS,
        "id": _ID,
        "user0": _USERS,
        "chat0": _CHATS,
        "now": NOW,
        "today": TODAY,
        "yesterday": YESTERDAY,
        "tomorrow": TOMORROW,
        "settings": f'{{"pack":"{PACK}"}}',
        "pack": PACK,
    }


def _each(count: str) -> str:
    return f"WITH RECURSIVE t(n) AS (SELECT 0 WHERE :{count} > 0 UNION ALL SELECT n + 1 FROM t WHERE n + 1 < :{count})"


_PERSON = ":person0 + n * :id"
_GROUP = ":group0 + n * :id"
_GROUP_OF = ":group0 + (n / :size) * :id"

_FILL = (
    f"""INSERT INTO groups (id, name, settings, paused, next_item, created_at)
        {_each("groups")} SELECT {_GROUP}, '第' || n || '组', :settings, 0, 1, :now FROM t""",
    f"""INSERT INTO chats (platform, account, chat_id, group_id, title, bound_at)
        {_each("groups")} SELECT 'telegram', :account, '-' || (:chat0 + n), {_GROUP}, '第' || n || '组', :now FROM t""",
    f"""INSERT INTO people (id, name, told_at, created_at)
        {_each("members")} SELECT {_PERSON}, '张三' || n, :now, :now FROM t""",
    f"""INSERT INTO accounts (group_id, platform, account, user_id, person_id)
        {_each("members")} SELECT 0, 'telegram', :account, CAST(:user0 + n AS TEXT), {_PERSON} FROM t""",
    f"""INSERT INTO accounts (group_id, platform, account, user_id, person_id)
        {_each("members")}
        SELECT {_GROUP_OF}, 'telegram', :account, CAST(:user0 + n AS TEXT), {_PERSON} FROM t""",
    f"""INSERT INTO members (group_id, person_id, name, role, last_day, streak, best_streak, total, joined_at)
        {_each("members")}
        SELECT {_GROUP_OF}, {_PERSON}, '张三' || n, 1, CASE n % 2 WHEN 0 THEN :today ELSE :yesterday END, 5, 9, 20, :now
        FROM t""",
    f"""INSERT INTO checkins (group_id, day, person_id, kind, at, by_person)
        {_each("members")}
        SELECT {_GROUP_OF}, :today, {_PERSON}, 'self', :now - 1000, {_PERSON} FROM t WHERE n % 2 = 0""",
    f"""INSERT INTO days (group_id, day, pack, item, number, minutes, checked, pushed_at)
        {_each("groups")} SELECT {_GROUP}, :today, :pack, 'day-1', 1, 5, :half, :now FROM t""",
    f"""INSERT INTO due (group_id, kind, key, at)
        {_each("groups")} SELECT {_GROUP}, 'push', :tomorrow, :push FROM t""",
    f"""INSERT INTO due (group_id, kind, key, at)
        {_each("due")}
        SELECT :group0 + (n % :groups) * :id, 'later', CAST(n / :groups AS TEXT), :push * 2 + n * 13 FROM t""",
)
"""Whoever has an even number has checked in."""

_FORGET = (
    "DELETE FROM checkins WHERE at >= :now",
    "UPDATE members SET last_day = :yesterday, streak = 5, total = 20 WHERE total > 20",
    "UPDATE days SET checked = :half WHERE day = :today AND checked > :half",
)
