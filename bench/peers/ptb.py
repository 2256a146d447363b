"""python-telegram-bot: doing nothing with an update, and as the check-in bot one would write with it and aiosqlite."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TypeAlias

import aiosqlite
from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

from bench.null import NullRequest
from bench.town import ACCOUNT, TODAY, YESTERDAY

Context: TypeAlias = ContextTypes.DEFAULT_TYPE
App: TypeAlias = "Application[Any, Any, Any, Any, Any, Any]"

_SCHEMA = """
CREATE TABLE members (user_id INTEGER PRIMARY KEY, name TEXT, last_day TEXT, streak INTEGER, total INTEGER);
CREATE TABLE chats (chat_id INTEGER PRIMARY KEY, title TEXT);
CREATE TABLE checkins (chat_id INTEGER, day TEXT, user_id INTEGER, note TEXT, at INTEGER,
                       PRIMARY KEY (chat_id, day, user_id));
"""


class Idle:
    """Reads the update and finds a handler for it, which returns."""

    def __init__(self, app: App) -> None:
        self._app = app

    @classmethod
    async def open(cls) -> Idle:
        return cls(await _application(_nothing))

    async def take(self, raw: bytes) -> None:
        await self._app.process_update(_read(raw, self._app))

    async def close(self) -> None:
        await self._app.shutdown()


async def _nothing(update: Update, context: Context) -> None:
    pass


class Handwritten:
    """Checks in, counts, and answers; a commit after each change."""

    def __init__(self, database: aiosqlite.Connection) -> None:
        self._database = database
        self._app: App | None = None

    @classmethod
    async def open(cls, path: Path, people: list[tuple[int, str]]) -> Handwritten:
        database = await aiosqlite.connect(path)
        await database.execute("PRAGMA journal_mode=WAL")
        await database.executescript(_SCHEMA)
        await database.executemany(
            "INSERT INTO members VALUES (?, ?, ?, 5, 20)", [(user, name, YESTERDAY) for user, name in people]
        )
        await database.commit()
        bot = cls(database)
        bot._app = await _application(bot._check_in)
        return bot

    async def take(self, raw: bytes) -> None:
        assert self._app
        await self._app.process_update(_read(raw, self._app))

    async def forget_today(self) -> None:
        """Nobody has checked in yet."""
        await self._database.execute("DELETE FROM checkins")
        await self._database.execute("UPDATE members SET last_day = ?", (YESTERDAY,))
        await self._database.commit()

    async def close(self) -> None:
        assert self._app
        await self._app.shutdown()
        await self._database.close()

    async def _check_in(self, update: Update, context: Context) -> None:
        message, user, chat = update.effective_message, update.effective_user, update.effective_chat
        assert message and user and chat
        _command, _, note = (message.text or "").partition(" ")
        await self._change("INSERT OR IGNORE INTO members VALUES (?, ?, '', 0, 0)", (user.id, user.full_name))
        await self._change("INSERT OR REPLACE INTO chats VALUES (?, ?)", (chat.id, chat.title))
        async with self._database.execute(
            "SELECT last_day, streak, total FROM members WHERE user_id = ?", (user.id,)
        ) as cursor:
            last_day, streak, total = await cursor.fetchone() or ("", 0, 0)
        if last_day == TODAY:
            await message.reply_text("今天已经打过卡了")
            return
        streak = streak + 1 if last_day == YESTERDAY else 1
        await self._change(
            "INSERT OR REPLACE INTO checkins VALUES (?, ?, ?, ?, ?)",
            (chat.id, TODAY, user.id, note, int(message.date.timestamp())),
        )
        await self._change(
            "UPDATE members SET last_day = ?, streak = ?, total = ? WHERE user_id = ?",
            (TODAY, streak, total + 1, user.id),
        )
        async with self._database.execute(
            "SELECT count(*) FROM checkins WHERE chat_id = ? AND day = ?", (chat.id, TODAY)
        ) as cursor:
            row = await cursor.fetchone()
        await message.reply_text(
            f"✅ {user.full_name} 已打卡，连续 {streak} 天。今天 {row[0] if row else 0} 人"
        )

    async def _change(self, sql: str, values: tuple[object, ...]) -> None:
        await self._database.execute(sql, values)
        await self._database.commit()


def _read(raw: bytes, app: App) -> Update:
    update = Update.de_json(json.loads(raw), app.bot)
    assert update
    return update


async def _application(on_text: Any) -> App:
    request = NullRequest()
    app: App = (
        Application.builder()
        .token(f"{ACCOUNT}:bench")
        .request(request)
        .get_updates_request(request)
        .updater(None)
        .job_queue(None)
        .build()
    )
    app.add_handler(MessageHandler(filters.TEXT, on_text))
    await app.initialize()
    return app
