"""A backup holds every row of one moment, fits either engine, and is restored whole or not at all."""

from __future__ import annotations

import asyncio
import hashlib
import random
import stat
import struct
import subprocess
import sys
import textwrap
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
import sqlalchemy as sa

from domain.errors import UserError
from storage import backup, installation, restoring
from storage.backup import Backup, Manifest, back_up
from storage.database import open_database
from storage.migrate import newest
from storage.migrating import rebuild
from storage.restoring import is_used, restore
from storage.schema import metadata
from storage.tx import Database, StorageError, Tx
from tests.conftest import ENGINES
from tests.storage.founding import NOW, found_group

LEASE = 4_000
WORDS = ("", "打卡 读完第三章", 'a\n"b"\t\\\'; --', "👩‍👧 é", "x" * 3_000)


def nothing(what: str, count: int) -> None:
    pass


def a_row(table: sa.Table, place: int, dice: random.Random) -> dict[str, Any]:
    """Of whatever the columns may hold; keys differ from row to row."""
    row: dict[str, Any] = {}
    for column in table.columns:
        if column.nullable and dice.random() < 0.5:
            row[column.name] = None
        elif isinstance(column.type, sa.Text):
            row[column.name] = f"{place}" if column.primary_key else f"{dice.choice(WORDS)}{place}"
        elif isinstance(column.type, sa.Float):
            row[column.name] = dice.random() * 10 ** dice.randint(-9, 9)
        elif isinstance(column.type, sa.BigInteger):
            row[column.name] = place if column.primary_key else dice.choice((0, -1, 2**62 + place))
        else:
            row[column.name] = place if column.primary_key else dice.choice((0, 1, 2**31 - 1))
    return row


async def fill(tx: Tx, each: int = 3) -> None:
    """Rows in every table, more of them in one than are read at a time."""
    dice = random.Random(7)
    for table in metadata.sorted_tables:
        count = backup.PAGE * 2 if table.name == "checkins" else each
        rows = [a_row(table, place, dice) for place in range(count)]
        names = ", ".join(f'"{column}"' for column in rows[0])
        values = ", ".join(f":{column}" for column in rows[0])
        await tx.many(f"INSERT INTO {table.name} ({names}) VALUES ({values})", rows)
    await tx.run("DELETE FROM lanes")


async def everything(tx: Tx) -> dict[str, list[tuple[Any, ...]]]:
    found = {}
    for table in metadata.sorted_tables:
        listed = ", ".join(f'"{column.name}"' for column in table.columns)
        found[table.name] = sorted(
            (tuple(row) for row in await tx.all(f"SELECT {listed} FROM {table.name}")), key=repr
        )
    return found


async def do(url: str, fn: Any, *args: Any) -> Any:
    database = await open_database(url)
    try:
        return await database.transaction(fn, *args)
    finally:
        await database.close()


async def save(url: str, file: Path, folders: backup.Folders | None = None) -> Manifest:
    database = await open_database(url)
    try:
        return await back_up(database, folders or {}, file, "0.1.0", NOW, nothing)
    finally:
        await database.close()


def load(
    url: str, file: Path, folders: backup.Folders | None = None, *, replace: bool = False, now: int = NOW
) -> None:
    found = Backup.open(file, nothing)
    try:
        restore(url, found, folders or {}, replace=replace, now=now, lease=LEASE, progress=nothing)
    finally:
        found.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "backup.zip"


@pytest.fixture
def filled(database_url: str) -> str:
    asyncio.run(do(database_url, fill))
    return database_url


@pytest.fixture(params=ENGINES)
def other_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where to restore to; the server's one database is free for it, once a backup of it was made."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/restored/xueban.db"
    else:
        server, name = request.getfixturevalue("postgres_server"), "restored"
        server.execute("postgres", f"CREATE DATABASE {name}")
        yield server.url(name)
        server.execute("postgres", f"DROP DATABASE {name} WITH (FORCE)")


def test_a_backup_of_either_engine_restored_into_either_engine_has_every_row(
    filled: str, other_url: str, file: Path
) -> None:
    manifest = asyncio.run(save(filled, file))
    load(other_url, file)
    before, after = asyncio.run(do(filled, everything)), asyncio.run(do(other_url, everything))
    assert after == before
    assert manifest.rows == sum(map(len, before.values()))


def test_a_backup_of_a_restored_backup_is_the_same_backup(filled: str, file: Path, tmp_path: Path) -> None:
    one = asyncio.run(save(filled, file))
    load(filled, file, replace=True)
    again = asyncio.run(save(filled, tmp_path / "again.zip"))
    assert {name: part.count for name, part in again.tables.items()} == {
        name: part.count for name, part in one.tables.items()
    }
    assert again.tables == one.tables


def test_only_its_owner_may_read_a_backup_and_nothing_else_is_left_beside_it(filled: str, file: Path) -> None:
    asyncio.run(save(filled, file))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not file.with_name(f".{file.name}.part").exists()


async def test_what_is_there_already_is_not_written_over(database: Database, file: Path) -> None:
    file.write_text("mine")
    with pytest.raises(UserError, match=r"backup\.exists"):
        await back_up(database, {}, file, "0.1.0", NOW, nothing)
    assert file.read_text() == "mine"


async def test_a_backup_that_fails_leaves_nothing(database: Database, file: Path) -> None:
    await database.transaction(fill)

    def stop(what: str, count: int) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        await back_up(database, {}, file, "0.1.0", NOW, stop)
    assert list(file.parent.glob("*backup*")) == []


async def test_a_database_of_another_version_is_not_backed_up(database: Database, file: Path) -> None:
    await database.transaction(_at_revision, "0001")
    with pytest.raises(UserError, match=r"backup\.behind"):
        await back_up(database, {}, file, "0.1.0", NOW, nothing)
    await database.transaction(_at_revision, newest())


async def _at_revision(tx: Tx, revision: str) -> None:
    await tx.run("UPDATE alembic_version SET version_num = :revision", revision=revision)


async def _credit(tx: Tx, place: int) -> None:
    """A row of the ledger and its total, as every crediting does it."""
    await tx.run(
        """INSERT INTO ledger (group_id, id, person_id, rule, cause, day, points, at)
           VALUES (7, :id, 1, 'check-in', :cause, '2026-03-02', 2, 0)""",
        id=place,
        cause=str(place),
    )
    await tx.run(
        """INSERT INTO totals (group_id, period, person_id, points) VALUES (7, 'all', 1, 2)
           ON CONFLICT (group_id, period, person_id) DO UPDATE SET points = totals.points + 2"""
    )


async def test_a_backup_while_others_write_is_of_one_moment(database: Database, file: Path) -> None:
    for place in range(100):
        await database.transaction(_credit, place)
    saving = asyncio.create_task(back_up(database, {}, file, "0.1.0", NOW, nothing))
    place = 100
    while not saving.done():
        await database.transaction(_credit, place)
        place += 1
    await saving
    found = Backup.open(file, nothing)
    written = sum(row["points"] for page in found.pages("ledger") for row in page)
    [[total]] = found.pages("totals")
    found.close()
    assert 200 <= written == total["points"] <= 2 * place
    assert place > 101


def test_media_come_along_and_what_is_there_already_stays(filled: str, file: Path, tmp_path: Path) -> None:
    media, back = tmp_path / "media", tmp_path / "back"
    (media / "ab").mkdir(parents=True)
    (media / "ab" / "abc.mp3").write_bytes(bytes(range(256)) * 5_000)
    (media / "zero").write_bytes(b"")
    (media / ".half.part").write_bytes(b"being written")
    manifest = asyncio.run(save(filled, file, {"media": media, "uploads": tmp_path / "none"}))
    assert sorted(manifest.files) == ["media/ab/abc.mp3", "media/zero"]
    back.mkdir()
    (back / "zero").write_bytes(b"kept")
    load(filled, file, {"media": back, "uploads": tmp_path / "none"}, replace=True)
    assert (back / "ab" / "abc.mp3").read_bytes() == bytes(range(256)) * 5_000
    assert (back / "zero").read_bytes() == b"kept"
    assert [path.name for path in back.rglob("*.part")] == []


def test_a_database_with_people_in_it_is_replaced_only_where_that_was_said(filled: str, file: Path) -> None:
    asyncio.run(save(filled, file))
    before = asyncio.run(do(filled, everything))
    asyncio.run(do(filled, _change))
    assert is_used(filled)
    with pytest.raises(UserError, match=r"backup\.not_empty"):
        load(filled, file)
    assert asyncio.run(do(filled, everything)) != before
    load(filled, file, replace=True)
    assert asyncio.run(do(filled, everything)) == before


async def _change(tx: Tx) -> None:
    await tx.run("UPDATE people SET name = '李四'")


def test_a_first_start_does_not_count_as_people(database_url: str, tmp_path: Path) -> None:
    assert not is_used(database_url)
    assert not is_used(f"sqlite:///{tmp_path}/nowhere.db")


@pytest.mark.parametrize(("ago", "runs"), [(0, True), (LEASE, True), (LEASE + 1, False)])
def test_nothing_is_restored_under_a_program_that_runs(
    database_url: str, file: Path, ago: int, runs: bool
) -> None:
    asyncio.run(save(database_url, file))
    asyncio.run(do(database_url, _lane, NOW - ago))
    if runs:
        with pytest.raises(UserError, match=r"backup\.running"):
            load(database_url, file, replace=True)
        assert len(asyncio.run(do(database_url, everything))["lanes"]) == 1
    else:
        load(database_url, file, replace=True)
        assert asyncio.run(do(database_url, everything))["lanes"] == []


def test_a_demonstration_that_runs_on_a_clock_of_its_own_is_seen_to_run(
    database_url: str, file: Path
) -> None:
    asyncio.run(save(database_url, file))
    shift = -200 * 24 * 3_600_000
    asyncio.run(do(database_url, installation.keep, installation.DEMO_SHIFT, str(shift)))
    asyncio.run(do(database_url, _lane, NOW + shift - LEASE // 2))
    with pytest.raises(UserError, match=r"backup\.running"):
        load(database_url, file, replace=True)
    load(database_url, file, replace=True, now=NOW + 2 * LEASE)


async def _lane(tx: Tx, at: int) -> None:
    await tx.run("INSERT INTO lanes (lane, owner, alive_at) VALUES ('telegram:1', 'me', :at)", at=at)


def _forged(file: Path, out: Path, **changes: bytes | None) -> Path:
    """The backup with some of its entries changed, or taken out, and all else as it was."""
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            content = changes.get(name.replace("/", "_").partition(".")[0], source.read(name))
            if content is not None:
                target.writestr(name, content)
        if extra := changes.get("extra"):
            target.writestr("files/media/extra", extra)
    return out


def _manifest(file: Path, **changes: Any) -> bytes:
    with zipfile.ZipFile(file) as source:
        raw = orjson.loads(source.read("manifest.json"))
    for name, value in changes.items():
        raw[name] = value(raw[name]) if callable(value) else value
    return orjson.dumps(raw)


def test_whatever_is_wrong_with_a_backup_is_found_before_anything_is_changed(
    sqlite_path: Path, file: Path, tmp_path: Path
) -> None:
    url = f"sqlite:///{sqlite_path}"
    asyncio.run(do(url, fill))
    asyncio.run(save(url, file))
    before = asyncio.run(do(url, everything))
    row, bad = b'[1,"x"]\n', tmp_path / "bad.zip"
    wrong = hashlib.sha256(row).hexdigest()
    short = {"count": 1, "sha256": wrong, "columns": ["id"]}
    cases: list[tuple[str, dict[str, bytes | None]]] = [
        ("damaged", {"tables_groups": b""}),
        ("damaged", {"tables_groups": None}),
        ("damaged", {"extra": b"!"}),
        (
            "damaged",
            {"tables_groups": row, "manifest": _manifest(file, tables=lambda t: {**t, "groups": short})},
        ),
        ("damaged", {"manifest": _manifest(file, tables=lambda t: {**t, "drop table": short})}),
        ("damaged", {"manifest": _manifest(file, files={"media/../../x": {**short, "columns": []}})}),
        ("damaged", {"manifest": _manifest(file, files={"/etc/x": {**short, "columns": []}})}),
        ("newer", {"manifest": _manifest(file, format=2)}),
        ("newer", {"manifest": _manifest(file, revision="9999")}),
        ("not_one", {"manifest": b"[]"}),
        ("not_one", {"manifest": None}),
        ("not_one", {"manifest": _manifest(file, tables=lambda t: {**t, "groups": 3})}),
    ]
    for said, changes in cases:
        with pytest.raises(UserError, match=rf"backup\.{said}"):
            load(url, _forged(file, bad, **changes), replace=True)
    whole = file.read_bytes()
    for cut in (0, 10, len(whole) // 2, len(whole) - 1):
        bad.write_bytes(whole[:cut])
        with pytest.raises(UserError, match=r"backup\.(not_one|damaged)"):
            load(url, bad, replace=True)
    for flipped in _in_the_midst_of_entries(file):
        bad.write_bytes(whole[:flipped] + bytes([whole[flipped] ^ 0xFF]) + whole[flipped + 1 :])
        with pytest.raises(UserError, match=r"backup\."):
            load(url, bad, replace=True)
    assert asyncio.run(do(url, everything)) == before


def _in_the_midst_of_entries(file: Path) -> list[int]:
    """Places of bytes that matter, of every fourth entry: most of an entry's header says nothing that is read."""
    places = []
    whole = file.read_bytes()
    with zipfile.ZipFile(file) as archive:
        for entry in archive.infolist()[::4]:
            name, extra = struct.unpack_from("<HH", whole, entry.header_offset + 26)
            places.append(entry.header_offset + 30 + name + extra + entry.compress_size // 2)
    return places


@pytest.mark.parametrize(
    "changed",
    [
        {"tables": lambda tables: {**tables, "strangers": tables["groups"]}},
        {"tables": lambda tables: {**tables, "groups": {**tables["groups"], "columns": list("abcdef")}}},
    ],
)
def test_tables_that_do_not_fit_leave_the_database_as_it_was(
    filled: str, file: Path, tmp_path: Path, changed: dict[str, Any]
) -> None:
    asyncio.run(save(filled, file))
    before = asyncio.run(do(filled, everything))
    forged = _forged(file, tmp_path / "forged.zip", manifest=_manifest(file, **changed))
    with zipfile.ZipFile(forged, "a") as target:
        if "strangers" in orjson.loads(target.read("manifest.json"))["tables"]:
            target.writestr("tables/strangers.ndjson", target.read("tables/groups.ndjson"))
    with pytest.raises(UserError, match=r"backup\.damaged"):
        load(filled, forged, replace=True)
    assert asyncio.run(do(filled, everything)) == before


def test_files_of_a_folder_nobody_knows_are_refused(filled: str, file: Path, tmp_path: Path) -> None:
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "x").write_bytes(b"x")
    asyncio.run(save(filled, file, {"odd": tmp_path / "odd"}))
    with pytest.raises(UserError, match=r"backup\.damaged"):
        load(filled, file, {"media": tmp_path}, replace=True)


def test_an_older_backup_goes_into_its_own_schema_and_is_brought_up_to_date(
    database_url: str, other_url: str, file: Path, tmp_path: Path
) -> None:
    """Made as the program of that time would have made it: with the tables and columns there were."""
    asyncio.run(do(database_url, found_group))
    asyncio.run(save(database_url, file))
    old = _as_of(file, tmp_path, "0001")
    load(other_url, old)
    found, before = asyncio.run(do(other_url, everything)), asyncio.run(do(database_url, everything))
    for name in ("groups", "people", "members", "accounts", "chats"):
        assert found[name] == before[name]
    assert asyncio.run(do(other_url, _revision)) == newest()


async def _revision(tx: Tx) -> str:
    row = await tx.one("SELECT version_num FROM alembic_version")
    assert row
    return str(row[0])


def _as_of(file: Path, folder: Path, revision: str) -> Path:
    columns: dict[str, set[str]] = {}

    def look(connection: sa.Connection) -> None:
        there = sa.inspect(connection)
        columns.update(
            {name: {c["name"] for c in there.get_columns(name)} for name in there.get_table_names()}
        )

    rebuild(f"sqlite:///{folder}/old.db", revision, lambda connection: None, look)
    out = folder / "old.zip"
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(out, "w") as target:
        manifest = orjson.loads(source.read("manifest.json"))
        manifest["revision"], tables = revision, {}
        for name, part in manifest["tables"].items():
            if name not in columns:
                continue
            places = [n for n, column in enumerate(part["columns"]) if column in columns[name]]
            rows = [orjson.loads(line) for line in source.read(f"tables/{name}.ndjson").splitlines()]
            lines = b"".join(orjson.dumps([row[n] for n in places]) + b"\n" for row in rows)
            digest = hashlib.sha256(lines).hexdigest()
            kept = [part["columns"][n] for n in places]
            tables[name] = {"count": len(rows), "sha256": digest, "columns": kept}
            target.writestr(f"tables/{name}.ndjson", lines)
        target.writestr("manifest.json", orjson.dumps({**manifest, "tables": tables}))
    return out


async def test_a_database_of_a_newer_program_is_not_torn_down(database_url: str, file: Path) -> None:
    await save(database_url, file)
    await do(database_url, _at_revision, "9999")
    with pytest.raises(StorageError, match="newer one has migrated it"):
        await asyncio.to_thread(load, database_url, file, replace=True)
    await do(database_url, _at_revision, newest())


_KILLED = """
    import os, signal, sys
    from pathlib import Path
    from storage.backup import Backup
    from storage.restoring import restore

    def die(what, count):
        if what == "checkins" and count >= 2000 and not checking:
            print("dying", flush=True)
            os.kill(os.getpid(), signal.SIGKILL)

    checking = True
    found = Backup.open(Path(sys.argv[2]), die)
    checking = False
    restore(sys.argv[1], found, {}, replace=True, now=%d, lease=4000, progress=die)
"""


def test_a_restore_that_is_killed_in_the_middle_leaves_the_database_as_it_was(
    filled: str, file: Path
) -> None:
    asyncio.run(save(filled, file))
    asyncio.run(do(filled, _change))
    before = asyncio.run(do(filled, everything))
    program = textwrap.dedent(_KILLED % NOW)
    killed = subprocess.run(
        [sys.executable, "-c", program, filled, str(file)], capture_output=True, text=True
    )
    assert killed.stdout == "dying\n"
    assert asyncio.run(do(filled, everything)) == before
    load(filled, file, replace=True)
    assert asyncio.run(do(filled, everything)) != before


def test_every_table_is_backed_up_or_left_out_on_purpose() -> None:
    kept = {name for name, _, _ in backup._tables()}
    assert kept | backup.NOT_KEPT == set(metadata.tables)
    assert set(restoring._HOLDS_PEOPLE) <= kept
