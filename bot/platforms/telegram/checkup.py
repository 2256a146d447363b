"""What the doctor asks Telegram: is the token good, what does the bot hear, and how do updates arrive."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx
from telegram import Bot, User, WebhookInfo
from telegram.error import InvalidToken, TelegramError

from bot.operation.doctor import Finding
from bot.platforms.telegram.calls import make_bot
from domain.message import line

MANY_PENDING = 100
"""Updates waiting at Telegram: more than a moment's worth."""
SKEW_SECONDS = 30
"""A reminder half a minute off is noticed by nobody."""


async def inspect(
    token: str, api_url: str, webhook_url: str | None, clock: Callable[[], int], timeout: float = 5.0
) -> list[Finding]:
    """Ask Telegram itself, over the network."""
    bot = make_bot(token, api_url, timeout)
    async with httpx.AsyncClient(timeout=timeout) as web:
        try:
            return [*await account(bot, webhook_url), *await clock_skew(web, api_url, clock)]
        finally:
            await bot.shutdown()


async def account(bot: Bot, webhook_url: str | None) -> list[Finding]:
    """Stops at the first question that gets no answer: the others would get none either."""
    about = line("doctor.token")
    try:
        await bot.initialize()
        info = await bot.get_webhook_info()
    except InvalidToken:
        return [Finding("fail", about, line("doctor.token_bad"), line("doctor.token_do"))]
    except TelegramError as error:
        said = line("doctor.telegram_silent", reason=type(error).__name__)
        return [Finding("fail", about, said, line("doctor.telegram_silent_do"))]
    me = bot.bot
    good = Finding("ok", about, line("doctor.token_ok", username=me.username or str(me.id)))
    return [good, privacy(me), joining(me), updates(info, webhook_url)]


def privacy(me: User) -> Finding:
    about = line("doctor.privacy")
    if me.can_read_all_group_messages:
        return Finding("ok", about, line("doctor.privacy_off"))
    return Finding("warn", about, line("doctor.privacy_on"), line("doctor.privacy_do"))


def joining(me: User) -> Finding:
    about = line("doctor.joining")
    if me.can_join_groups:
        return Finding("ok", about, line("doctor.joining_ok"))
    return Finding("fail", about, line("doctor.joining_no"), line("doctor.joining_do"))


def updates(info: WebhookInfo, webhook_url: str | None) -> Finding:
    """How updates arrive, against how the settings want them to."""
    about = line("doctor.updates")
    if not webhook_url:
        if info.url:
            return Finding(
                "warn", about, line("doctor.webhook_elsewhere"), line("doctor.webhook_elsewhere_do")
            )
        return Finding("ok", about, line("doctor.polling"))
    if not info.url.startswith(webhook_url):
        return Finding("warn", about, line("doctor.webhook_unset"), line("doctor.webhook_unset_do"))
    if info.last_error_message and info.pending_update_count:
        said = line("doctor.webhook_error", reason=info.last_error_message, count=info.pending_update_count)
        return Finding("warn", about, said, line("doctor.webhook_error_do"))
    if info.pending_update_count > MANY_PENDING:
        said = line("doctor.webhook_behind", count=info.pending_update_count)
        return Finding("warn", about, said, line("doctor.webhook_behind_do"))
    return Finding("ok", about, line("doctor.webhook_ok"))


async def clock_skew(web: httpx.AsyncClient, api_url: str, clock: Callable[[], int]) -> list[Finding]:
    """This machine's clock against the Date header of Telegram's; nothing where there is none."""
    try:
        answer = await web.head(api_url)
        theirs = parsedate_to_datetime(answer.headers["date"])
    except (httpx.HTTPError, KeyError, ValueError):
        return []
    seconds = round((datetime.fromtimestamp(clock() / 1000, UTC) - theirs).total_seconds())
    about = line("doctor.clock")
    if abs(seconds) <= SKEW_SECONDS:
        return [Finding("ok", about, line("doctor.clock_ok"))]
    return [Finding("warn", about, line("doctor.clock_off", seconds=seconds), line("doctor.clock_do"))]
