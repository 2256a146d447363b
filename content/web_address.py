"""Which links a pack may hold: plain web addresses, so that nothing a member taps can run on the device."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_NEVER_IN_A_LINK = re.compile(r"[\s<>\"\\`]")


def is_web_address(text: str, schemes: tuple[str, ...] = ("http", "https")) -> bool:
    """An absolute address with a host. A name before the host only misleads: ``https://bank.cn@evil.com``."""
    if _NEVER_IN_A_LINK.search(text) or not text.isprintable():
        return False
    try:
        parts = urlsplit(text)
        return (
            parts.scheme in schemes and bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
        )
    except ValueError:
        return False
