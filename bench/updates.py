"""What Telegram sends when somebody checks in, as the bytes of a webhook call.

In privacy mode, which is the default, a bot in a group hears commands and replies to its own messages. So half are the
one and half the other.
"""

from __future__ import annotations

import json
from itertools import count
from typing import Any

from bench.town import ACCOUNT, BOT_NAME, NOW, TODAY, Somebody, Town

_COMMAND = "/checkin"
_ITEM = "📖 今日学习 第 1 天\n读书贵恒\n" + "每天读一点，胜过一天读很多。" * 8 + "\n来源：《试读》"


class Updates:
    """Numbers them, as Telegram does."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def check_in(self, who: Somebody) -> bytes:
        number = next(self._numbers)
        chat = {"id": who.chat, "title": "第一学习小组", "type": "supergroup"}
        said = _replying(chat) if number % 2 else _commanding()
        message = {"message_id": number, "from": _person(who), "chat": chat, "date": NOW // 1000, **said}
        return json.dumps({"update_id": number, "message": message}, ensure_ascii=False).encode()


class Mornings:
    """One morning a round, on which the late ones check in, in another order each time."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self._updates = Updates()
        self._seeds = count(1)

    def updates(self, number: int, groups: int | None = None) -> list[bytes]:
        """Of members of so many groups, or of any."""
        return [self._updates.check_in(who) for who in self.town.late(next(self._seeds), number, groups)]


def _person(who: Somebody) -> dict[str, Any]:
    return {
        "id": who.user,
        "is_bot": False,
        "first_name": who.name,
        "username": f"user{who.number}",
        "language_code": "zh-hans",
    }


def _commanding() -> dict[str, Any]:
    entity = {"offset": 0, "length": len(_COMMAND), "type": "bot_command"}
    return {"text": f"{_COMMAND} 读完第三章", "entities": [entity]}


def _replying(chat: dict[str, Any]) -> dict[str, Any]:
    """To the day's item, with the button that stands under it."""
    item = {
        "message_id": 1,
        "from": {"id": int(ACCOUNT), "is_bot": True, "first_name": "学伴", "username": BOT_NAME},
        "chat": chat,
        "date": NOW // 1000 - 9000,
        "text": _ITEM,
        "entities": [{"offset": 0, "length": 12, "type": "bold"}],
        "reply_markup": {
            "inline_keyboard": [
                [{"text": "✅ 打卡", "callback_data": f"checkin.{TODAY}.3w5e11264sg.0.hp8k7d.Zr0kW2s9Qa"}]
            ]
        },
    }
    return {"text": "打卡 读完第三章", "reply_to_message": item}
