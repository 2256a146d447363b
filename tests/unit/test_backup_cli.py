"""``xueban backup`` and ``xueban restore`` as the operator meets them."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage import groups
from storage.tx import Tx
from tests.unit.test_cli import NOW, Shell, a_group, another_group, shell

__all__ = ["shell"]


async def names(tx: Tx) -> list[str]:
    return [group.name for group in await groups.all_groups(tx)]


@pytest.fixture
def saved(shell: Shell, tmp_path: Path) -> str:
    """A backup of one group and three people, with a recording."""
    shell.rows(a_group)
    (tmp_path / "data" / "media").mkdir()
    (tmp_path / "data" / "media" / "abc.mp3").write_bytes(b"sound")
    file = str(tmp_path / "saved.zip")
    assert shell.run("backup", file) == 0
    return file


def test_a_backup_is_told_with_what_is_in_it(shell: Shell, saved: str) -> None:
    assert f"Backed up to {saved}. Rows: " in shell.out
    assert "files: 1." in shell.out
    assert "张三" not in shell.out + shell.err


def test_a_backup_never_takes_the_place_of_another(shell: Shell, saved: str) -> None:
    assert shell.run("backup", saved) == 1
    assert "is there already" in shell.err


def test_where_there_is_nothing_yet_nothing_is_backed_up(shell: Shell, tmp_path: Path) -> None:
    assert shell.run("backup", str(tmp_path / "saved.zip")) == 1
    assert "nothing to back up yet" in shell.err
    assert not (tmp_path / "saved.zip").exists() and not (tmp_path / "data").exists()


def test_a_database_of_an_older_version_is_backed_up_by_that_version(shell: Shell, tmp_path: Path) -> None:
    async def older(tx: Tx) -> None:
        await tx.run("UPDATE alembic_version SET version_num = '0001'")

    shell.rows(older)
    assert shell.run("backup", str(tmp_path / "saved.zip")) == 1
    assert "of an older version" in shell.err


def test_a_backup_goes_into_an_empty_installation(shell: Shell, saved: str, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    other = Shell(elsewhere)
    assert other.run("restore", saved) == 0
    assert "Restored. Rows: " in other.out
    assert other.rows(names) == ["一组"]
    assert (elsewhere / "data" / "media" / "abc.mp3").read_bytes() == b"sound"


def test_people_are_replaced_only_where_the_operator_says_so(shell: Shell, saved: str) -> None:
    shell.rows(another_group)
    assert shell.run("restore", saved) == 1
    assert "--replace" in shell.err
    assert shell.run("restore", saved, "--replace") == 1, "nobody answered"
    assert shell.rows(names) == ["一组", "二组"]
    assert shell.run("restore", saved, "--replace", "--yes") == 0
    assert shell.rows(names) == ["一组"]


@pytest.mark.parametrize(("said", "left"), [("n\n", ["一组", "二组"]), ("y\n", ["一组"])])
def test_the_operator_is_asked_before_people_are_replaced(
    shell: Shell, saved: str, said: str, left: list[str]
) -> None:
    shell.rows(another_group)
    assert shell.run("restore", saved, "--replace", said=said) == 0
    assert ("Nothing was restored" in shell.out) == (len(left) == 2)
    assert shell.rows(names) == left


def test_nothing_is_restored_while_the_program_runs(shell: Shell, saved: str) -> None:
    async def runs(tx: Tx) -> None:
        await tx.run("INSERT INTO lanes (lane, owner, alive_at) VALUES ('browser:web', 'x', :now)", now=NOW)

    shell.rows(runs)
    assert shell.run("restore", saved, "--replace", "--yes") == 1
    assert "is running" in shell.err and "wait 4 seconds" in shell.err


@pytest.mark.parametrize("content", [b"", b"PK", b"a letter"])
def test_what_is_no_backup_is_refused(shell: Shell, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "letter.txt").write_bytes(content)
    assert shell.run("restore", str(tmp_path / "letter.txt")) == 1
    assert "is no backup" in shell.err


def test_a_file_that_is_not_there_is_said(shell: Shell, tmp_path: Path) -> None:
    assert shell.run("restore", str(tmp_path / "nowhere.zip")) == 1
    assert "No such file" in shell.err
