"""Sealed button payloads: what a button does is signed, and bound to its group and, where it matters, to one person.

A payload is ``action.arg.group.person.minute.signature``, at most 64 bytes (Telegram's callback_data):
numbers in base 36, the signature 60 bits of HMAC-SHA256.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass

from domain.errors import UserError
from domain.ids import brief
from domain.message import Button

MAX_BYTES = 64


@dataclass(frozen=True, slots=True)
class Press:
    """What an opened payload says."""

    action: str
    arg: str
    group_id: int
    only: int
    at: int
    """When the button was shown: UTC epoch milliseconds, to the minute."""


class Sealer:
    """Seals and opens payloads with the installation's own key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def seal(self, button: Button, group_id: int, now: int) -> str:
        """Raises ValueError where action and arg are too long for 64 bytes or hold a dot."""
        if "." in button.action or "." in button.arg:
            raise ValueError("a button's action and arg hold no dot")
        body = f"{button.action}.{button.arg}.{brief(group_id)}.{brief(button.only)}.{brief(now // 60_000)}"
        payload = f"{body}.{self._sign(body)}"
        if len(payload.encode()) > MAX_BYTES:
            raise ValueError(f"a button's payload is at most {MAX_BYTES} bytes: {payload!r}")
        return payload

    def open(self, payload: str) -> Press:
        """Raises UserError("button.forged") for whatever this installation did not seal."""
        body, _, signature = payload.rpartition(".")
        parts = body.split(".")
        if len(parts) != 5 or not hmac.compare_digest(_bytes(signature), self._sign(body).encode()):
            raise UserError("button.forged")
        action, arg, group, only, minute = parts
        return Press(action, arg, int(group, 36), int(only, 36), int(minute, 36) * 60_000)

    def _sign(self, body: str) -> str:
        digest = hmac.digest(self._key, _bytes(body), "sha256")
        return urlsafe_b64encode(digest)[:10].decode()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
