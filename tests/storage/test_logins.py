"""One-time links and sessions, on both engines."""

from __future__ import annotations

from storage import logins
from storage.tx import Database, Tx


async def test_a_link_lets_its_person_in_once(database: Database) -> None:
    await database.transaction(logins.invite, "link", 7, 100)
    assert await database.read(logins.standing, "link", 50) == "good"
    assert await database.transaction(logins.enter, "link", "session", "site", 50, 500) == 7
    assert await database.transaction(logins.enter, "link", "other", "site", 51, 500) is None
    assert await database.read(logins.standing, "link", 51) == "used"
    assert await database.read(logins.visitor, "session", 499) == 7
    assert await database.read(logins.visitor, "session", 500) is None
    assert await database.read(logins.visitor, "other", 52) is None


async def test_an_expired_or_unknown_link_lets_nobody_in(database: Database) -> None:
    await database.transaction(logins.invite, "link", 7, 100)
    assert await database.transaction(logins.enter, "link", "session", "site", 100, 500) is None
    assert await database.read(logins.standing, "link", 100) == "expired"
    assert await database.read(logins.standing, "\ud800", 100) == "unknown"


async def test_a_session_can_be_left(database: Database) -> None:
    await database.transaction(logins.invite, "link", 7, 100)
    await database.transaction(logins.enter, "link", "session", "site", 50, 500)
    await database.transaction(logins.leave, "session")
    assert await database.read(logins.visitor, "session", 51) is None


async def test_entering_makes_the_browser_a_way_to_reach_the_person(database: Database) -> None:
    for link in ("first", "second"):
        await database.transaction(logins.invite, link, 7, 100)
        await database.transaction(logins.enter, link, f"session {link}", "site", 50, 500)
    assert await database.read(_accounts) == [("site", "7", 7, "p7")]


async def _accounts(tx: Tx) -> list[tuple[object, ...]]:
    return [tuple(row) for row in await tx.all("SELECT account, user_id, person_id, chat_id FROM accounts")]


async def test_what_is_over_is_swept_away(database: Database) -> None:
    await database.transaction(logins.invite, "old", 7, 100)
    await database.transaction(logins.invite, "new", 7, 900)
    await database.transaction(logins.enter, "old", "session", "site", 50, 300)
    await database.transaction(logins.sweep, 300)
    assert await database.read(logins.standing, "old", 300) == "unknown"
    assert await database.read(logins.standing, "new", 300) == "good"


async def test_only_hashes_are_kept(database: Database) -> None:
    await database.transaction(logins.invite, "secret-link", 7, 100)
    await database.transaction(logins.enter, "secret-link", "secret-session", "site", 50, 500)
    assert "secret" not in str(await database.read(_kept))


async def _kept(tx: Tx) -> list[tuple[object, ...]]:
    rows = [*await tx.all("SELECT hash FROM tickets"), *await tx.all("SELECT hash FROM sessions")]
    return [tuple(row) for row in rows]
