"""语言: which language the bot answers this person in."""

from __future__ import annotations

from domain.errors import UserError
from domain.group import LANGUAGES, Language
from domain.message import Button, Message, line
from handlers.call import Call, Command, Reply
from storage import members

_NAMES: dict[str, Language] = {
    "zh": "zh", "中文": "zh", "汉语": "zh", "漢語": "zh", "简体": "zh", "chinese": "zh",
    "en": "en", "英文": "en", "英语": "en", "英語": "en", "english": "en",
}  # fmt: skip


def language_named(text: str) -> Language | None:
    return _NAMES.get(text.strip().casefold())


async def language(call: Call) -> Reply:
    if not call.args:
        return Message((line("language.which"),), buttons=(_choices(call.me.id),))
    chosen = language_named(call.args)
    if chosen is None:
        raise UserError("language.unknown")
    await members.set_language(call.tx, call.me.id, chosen)
    return line(f"language.now_{chosen}")


def _choices(person: int) -> tuple[Button, ...]:
    return tuple(Button(line(f"language.{code}"), "language", code, person) for code in LANGUAGES)


COMMAND = Command("language", language, takes_text=True, topic="data")
