"""Setup codes: who holds one may bind a browser chat and become its secretary. Each works once, for a day."""

from __future__ import annotations

import hashlib
import unicodedata

from domain.day import DAY
from storage.tx import Tx

DIGITS = 8
LIFETIME = DAY


def shown(number: int) -> str:
    """``48219034`` → ``4821-9034``, as it is read out and typed."""
    digits = f"{number:0{DIGITS}d}"
    return f"{digits[:4]}-{digits[4:]}"


def is_one(written: str) -> bool:
    """Whether this can be meant as a code at all: eight digits, of any width, parted in any way."""
    plain = [c for c in unicodedata.normalize("NFKC", written) if c.isalnum()]
    return len(plain) == DIGITS and all(c.isdigit() for c in plain)


def digest(written: str) -> str:
    """What is stored of a code, however it was written: any width, with dashes, spaces or neither."""
    plain = "".join(c for c in unicodedata.normalize("NFKC", written) if c.isalnum())
    return hashlib.sha256(b"setup " + plain.encode("utf-8", "surrogatepass")).hexdigest()


async def make(tx: Tx, hash: str, now: int, ttl: int = LIFETIME) -> bool:
    """Keep a new code by its digest. False where the same one is out already: take another."""
    await tx.run("DELETE FROM tickets WHERE kind = 'setup' AND expires_at <= :now", now=now)
    kept = await tx.run(
        """INSERT INTO tickets (hash, kind, expires_at) VALUES (:hash, 'setup', :until)
           ON CONFLICT (hash) DO NOTHING""",
        hash=hash,
        until=now + ttl,
    )
    return kept == 1


async def redeem(tx: Tx, hash: str, now: int) -> bool:
    """Use the code up. False where there is none such, or it was used, or its day is over."""
    used = await tx.run(
        """UPDATE tickets SET used_at = :now
           WHERE hash = :hash AND kind = 'setup' AND used_at IS NULL AND expires_at > :now""",
        hash=hash,
        now=now,
    )
    return used == 1
