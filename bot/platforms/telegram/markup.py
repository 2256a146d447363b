"""An `Outgoing` in Telegram's HTML: everything escaped, the title bold, those who are called linked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from domain.outgoing import Outgoing


def html(out: Outgoing, limit: int) -> str:
    """Title and text, cut with an ellipsis where they exceed ``limit`` characters as Telegram counts them."""
    title = cut(out.title, limit)
    text = cut(out.text, max(0, limit - units(title) - 1)) if title else cut(out.text, limit)
    parts = [f"<b>{escape(title, quote=False)}</b>"] if title else []
    return "\n".join([*parts, _linked(text, out.mentions)] if text else parts)


def length(out: Outgoing) -> int:
    """Characters as Telegram counts them: UTF-16 code units after the markup is taken off."""
    return units(out.title) + units(out.text) + (1 if out.title and out.text else 0)


def units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, limit: int) -> str:
    if units(text) <= limit:
        return text
    kept = text.encode("utf-16-le", "surrogatepass")[: 2 * max(0, limit - 1)]
    return kept.decode("utf-16-le", "ignore") + "…"


def keyboard(out: Outgoing) -> InlineKeyboardMarkup | None:
    rows = [
        [InlineKeyboardButton(label, callback_data=action) for label, action in row]
        for row in out.buttons
        if row
    ]
    return InlineKeyboardMarkup(rows) if rows else None


def _linked(text: str, mentions: Sequence[tuple[str, str]]) -> str:
    """Two people of one name are linked in the order in which the text calls them."""
    called: dict[str, list[str]] = {}
    for name, user_id in mentions:
        if name and user_id.isdigit():
            called.setdefault(name, []).append(user_id)
    if not called:
        return escape(text, quote=False)
    names = "|".join(re.escape(name) for name in sorted(called, key=len, reverse=True))
    pieces = re.split(f"@({names})", text)
    return "".join(
        _piece(piece, called) if i % 2 else escape(piece, quote=False) for i, piece in enumerate(pieces)
    )


def _piece(name: str, called: dict[str, list[str]]) -> str:
    ids = called[name]
    user_id = ids.pop(0) if len(ids) > 1 else ids[0]
    return f'<a href="tg://user?id={user_id}">@{escape(name, quote=False)}</a>'
