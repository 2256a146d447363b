"""Questions as Telegram's own quiz polls: open ones, so that it is told who chose what."""

from __future__ import annotations

from typing import Any, cast

import structlog
from telegram import Bot
from telegram.error import BadRequest

from bot.platforms.telegram.calls import translate
from domain.outgoing import Ballot, Shown

_log = structlog.get_logger(__name__)


async def ask(bot: Bot, poll: Ballot, where: dict[str, Any]) -> Shown | None:
    """None where the chat takes no polls, as its administrators may decide: then words and buttons must do."""
    try:
        sent = await bot.send_poll(
            question=poll.question,
            options=poll.options,
            type="quiz",
            is_anonymous=False,
            allows_multiple_answers=len(poll.right) > 1,
            correct_option_ids=cast(Any, sorted(poll.right)),  # typed as a list of the figures up to 11
            # At most two line breaks are allowed in it: https://core.telegram.org/bots/api#sendpoll
            explanation=" ".join(poll.explanation.split()) or None,
            **{name: value for name, value in where.items() if name != "parse_mode"},
        )
    except BadRequest as error:
        _log.info("telegram_poll_refused", error=translate(error).detail)
        return None
    assert sent.poll is not None
    return Shown(str(sent.message_id), sent.poll.id)


async def close(bot: Bot, chat_id: int, message_id: int) -> None:
    """One that is closed already, or gone, is what was wanted."""
    try:
        await bot.stop_poll(chat_id, message_id)
    except BadRequest as error:
        _log.info("telegram_poll_not_stopped", error=translate(error).detail)


def is_one(error: BadRequest) -> bool:
    """Whether a message could not be rewritten because it is a poll."""
    said = error.message.lower()
    return "there is no text in the message" in said or "message can't be edited" in said
