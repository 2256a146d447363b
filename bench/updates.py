"""What Telegram sends when somebody writes 打卡 in a group, as the bytes of a webhook call."""

from __future__ import annotations

import json
from itertools import count

from bench.town import NOW, Somebody


class Updates:
    """Numbers them, as Telegram does."""

    def __init__(self, first: int = 1) -> None:
        self._numbers = count(first)

    def check_in(self, who: Somebody) -> bytes:
        number = next(self._numbers)
        sender = {
            "id": who.user,
            "is_bot": False,
            "first_name": who.name,
            "username": f"user{who.number}",
            "language_code": "zh-hans",
        }
        chat = {"id": who.chat, "title": "第一学习小组", "type": "supergroup"}
        message = {
            "message_id": number,
            "from": sender,
            "chat": chat,
            "date": NOW // 1000,
            "text": "打卡 读完第三章",
        }
        return json.dumps({"update_id": number, "message": message}, ensure_ascii=False).encode()
