"""Telegram's numbers and closed lists, each beside its source: what they change is changed here alone.

Sources named [api] are https://core.telegram.org/bots/api, [faq] https://core.telegram.org/bots/faq.
"""

from __future__ import annotations

from typing import Final

from domain.incoming import Capabilities, QuizLimits
from domain.outgoing import Limits

PLATFORM: Final = "telegram"
API_URL: Final = "https://api.telegram.org"  # [api] "Making requests"

UPDATES: Final = (
    "message",
    "callback_query",
    "my_chat_member",
    "chat_member",
    "poll",
    "poll_answer",
)  # [api] getUpdates, allowed_updates: what we read

LIMITS: Final = Limits(
    per_second=30,  # [faq] "the API will not allow bulk notifications to more than ~30 users per second"
    chat_per_second=1,  # [faq] "avoid sending more than one message per second" in a single chat
    group_per_minute=20,  # [faq] "not be able to send more than 20 messages per minute" to a group
)

TEXT_CHARS: Final = 4096  # [api] sendMessage, text
CAPTION_CHARS: Final = 1024  # [api] sendPhoto, caption
PHOTO_BYTES: Final = 10_000_000  # [api] sendPhoto: "The photo must be at most 10 MB in size"
DOCUMENT_BYTES: Final = (
    50_000_000  # [api] sendDocument: "Bots can currently send files of any type of up to 50 MB"
)
DOWNLOAD_BYTES: Final = 20_000_000  # [api] getFile: "bots can download files of up to 20MB in size"
FETCH_SECONDS: Final = 45
"""Our own bound for one download: meanwhile the chat's next message waits."""
TOAST_CHARS: Final = 200  # [api] answerCallbackQuery, text
QUIZ: Final = QuizLimits(
    question_chars=300,  # [api] sendPoll, question
    options=12,  # [api] sendPoll, options
    option_chars=100,  # [api] InputPollOption, text
    explanation_chars=200,  # [api] sendPoll, explanation
)
CAPABILITIES: Final = Capabilities(quiz=QUIZ, text_chars=TEXT_CHARS, caption_chars=CAPTION_CHARS)

DEEP_LINK_FORM: Final = r"[A-Za-z0-9_-]{1,64}"  # https://core.telegram.org/bots/features#deep-linking

BODY_BYTES: Final = 1_000_000
"""Our own bound: an update of 4096 characters with every optional field stays below 100 kB."""
SECRET_HEADER: Final = b"x-telegram-bot-api-secret-token"  # [api] setWebhook, secret_token
SECRET_FORM: Final = r"[A-Za-z0-9_-]{1,256}"  # [api] setWebhook, secret_token
MAX_CONNECTIONS: Final = 100  # [api] setWebhook, max_connections: 1-100
BATCH: Final = 100  # [api] getUpdates, limit: 1-100
LONG_POLL_SECONDS: Final = 50  # TDLib's Bot API server caps getUpdates' timeout at 50 s

REACTIONS: Final = frozenset(
    "❤👍👎🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🤮💩🙏👌🕊🤡🥱🥴😍🐳🌚🌭💯🤣⚡🍌🏆💔🤨😐🍓🍾💋🖕😈😴😭🤓👻👀🎃🙈😇😨🤝✍🤗🫡🎅🎄☃💅🤪🗿🆒💘🙉🦄😘💊🙊😎👾😡"
)
"""[api] ReactionTypeEmoji; 👨‍💻 and the shruggers, which are several characters each, are left out."""
REACTION_FOR: Final = {
    "✅": "👍",
    "☑": "👍",
    "✔": "👍",
    "📖": "👌",
    "⭐": "🏆",
    "🌟": "🏆",
    "💪": "🔥",
    "❌": "👎",
}
"""What we would like to say with an emoji that Telegram does not take as a reaction."""
PLAIN_REACTION: Final = "👍"
