"""The command line: what each command does, and what is said where it cannot."""

from __future__ import annotations

import asyncio
import errno
import io
import re
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner

from bot.cli import commands
from bot.operation.complaints import Stop
from bot.operation.desk import World
from bot.settings import Config, variable
from domain.day import DAY
from domain.group import Chat, Group, Role, Settings
from domain.ids import Ids
from domain.message import Line, Message, line
from storage import banks, groups, logins, members, outbox, outbox_care, packs, setup_codes
from storage.database import open_database
from storage.migrate import migrate
from storage.tx import Database, StorageError, Tx
from tests.unit.pack_folder import pack

T = TypeVar("T")
NOW = 1_772_409_600_000  # 2026-03-02T00:00Z
GROUP = Group(7, "一组", Settings())


class Shell:
    """A terminal in a folder of its own, with a clock and dice that always show the same."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.env_file = folder / ".env"
        self.served: list[Config] = []
        self.fault: BaseException | None = None
        self.token = "t0ken"
        self.out = ""
        self.err = ""
        self.settings(data_dir=str(folder / "data"), language="en", http_port="0")

    def settings(self, **values: str) -> None:
        lines = [f"{variable(name)}={value}" for name, value in values.items()]
        self.env_file.write_text("\n".join(lines), encoding="utf-8")

    def run(self, *words: str, said: str = "") -> int:
        out, err = io.StringIO(), io.StringIO()
        world = World(lambda: NOW, lambda: self.token, lambda below: 48_219_034 % below, self._serve)
        app = commands(world, self.env_file, Console(file=out, width=200), Console(file=err, width=200))
        result = CliRunner().invoke(app, words, input=said)
        self.out, self.err = out.getvalue() + result.stdout, err.getvalue() + result.stderr
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code

    def rows(self, fn: Callable[[Tx], Awaitable[T]]) -> T:
        async def asked() -> T:
            database: Database = await open_database(self.url)
            try:
                return await database.transaction(fn)
            finally:
                await database.close()

        migrate(self.url)
        return asyncio.run(asked())

    @property
    def url(self) -> str:
        return f"sqlite:///{self.folder / 'data' / 'demo.db'}"

    def _serve(self, config: Config) -> None:
        if self.fault:
            raise self.fault
        self.served.append(config)


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    for field in Config.model_fields:
        monkeypatch.delenv(variable(field), raising=False)
    return Shell(tmp_path)


async def a_group(tx: Tx) -> None:
    await groups.add(tx, GROUP, NOW)
    for person, name in ((11, "张三"), (12, "李四"), (13, "李四")):
        await members.add_person(tx, person, name, NOW)
        await members.join(tx, GROUP.id, person, name, Role.MEMBER, NOW)


async def another_group(tx: Tx) -> None:
    await groups.add(tx, Group(8, "二组", Settings()), NOW)


async def a_failed_message(tx: Tx) -> None:
    body = Message((line("remind.text", names="张三"),)).dump()
    chat = Chat("telegram", "1", "-5")
    await outbox.queue(
        tx, Ids(1), NOW, group_id=7, chat=chat, language="zh", body=body, priority=2, slot=None
    )
    waiting = await outbox.waiting(tx, "telegram:1", NOW, 10)
    await outbox.failed(tx, NOW, [(row, "Forbidden: bot was kicked") for row in waiting])


def test_run_serves_with_the_settings(shell: Shell) -> None:
    assert shell.run("run") == 0
    assert shell.served[0].http_port == 0


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (
            OSError(errno.EADDRINUSE, "Address already in use"),
            "Cannot listen on 127.0.0.1:0: Address already",
        ),
        (PermissionError(errno.EACCES, "Permission denied", "/data"), "Permission denied /data"),
        (StorageError("postgresql://zhang:geheim@db is gone"), "postgresql://…@db is gone"),
        (socket.gaierror(-2, "Name or service not known"), "Cannot listen on 127.0.0.1:0: Name"),
        (Stop(line("cli.no_groups")), "There is no group yet"),
    ],
)
def test_what_stops_the_program_is_said_in_a_sentence(shell: Shell, fault: Exception, said: str) -> None:
    shell.fault = fault
    assert shell.run("run") == 1
    assert said in shell.err
    assert "Traceback" not in shell.err and "geheim" not in shell.err


def test_an_unusable_telegram_account_is_said_in_a_sentence(shell: Shell) -> None:
    from bot.platforms.telegram.account import TelegramUnusable

    shell.fault = TelegramUnusable("Telegram does not know this token")
    assert shell.run("run") == 1
    assert "Telegram does not know this token" in shell.err


def test_ctrl_c_ends_quietly(shell: Shell) -> None:
    shell.fault = KeyboardInterrupt()
    assert shell.run("run") == 0
    assert shell.err == ""


def test_a_fault_of_ours_is_not_hidden(shell: Shell) -> None:
    shell.fault = ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        shell.run("run")


def test_wrong_settings_are_all_told_in_both_languages(shell: Shell) -> None:
    shell.settings(http_port="eighty", language="fr")
    assert shell.run("run") == 1
    for words in (
        "XUEBAN_HTTP_PORT 应该是",
        "XUEBAN_HTTP_PORT should be",
        "XUEBAN_LANGUAGE 只能是",
        ".env.example",
    ):
        assert words in shell.err
    assert shell.served == []


def test_help_speaks_the_language_of_the_settings(shell: Shell) -> None:
    assert shell.run("--help") == 0
    assert "Bring the database to this version" in shell.out
    shell.settings(language="zh")
    shell.run("login-link", "--help")
    assert "一次性登录链接" in shell.out


@pytest.mark.parametrize("words", [("fly",), ("pack", "check"), ("outbox", "--retry", "x"), ("run", "fast")])
def test_a_command_nobody_knows_is_an_error_of_usage(shell: Shell, words: tuple[str, ...]) -> None:
    assert shell.run(*words) == 2


def test_migrate_makes_the_database(shell: Shell) -> None:
    assert shell.run("migrate") == 0
    assert (shell.folder / "data" / "demo.db").is_file()
    assert shell.run("migrate") == 0


def test_a_database_that_is_no_database_is_said_in_a_sentence(shell: Shell) -> None:
    (shell.folder / "data").mkdir()
    (shell.folder / "data" / "demo.db").write_bytes(b"no database" * 500)
    assert shell.run("outbox") == 1
    assert "The database cannot be used" in shell.err


def test_a_pack_in_order_is_called_so(shell: Shell) -> None:
    assert shell.run("pack", "check", str(pack(shell.folder / "pack"))) == 0
    assert "“示范” is in order. Items: 1." in shell.out


def test_a_broken_pack_has_all_its_faults_listed_with_file_and_line(shell: Shell) -> None:
    folder = pack(shell.folder / "pack", {"pack.yaml": "id: demo\nyes: 1\n", "items/one.md": "nothing"})
    for command in ("check", "load"):
        assert shell.run("pack", command, str(folder)) == 1
        assert re.search(r"^pack.yaml:2 ", shell.err, re.MULTILINE)
        assert re.search(r"^items/one.md:1 ", shell.err, re.MULTILINE)
        assert re.search(r"^Faults found: \d", shell.err, re.MULTILINE)


def test_a_pack_that_is_not_there_is_said_so(shell: Shell) -> None:
    assert shell.run("pack", "check", str(shell.folder / "none")) == 1
    assert "There is no such folder" in shell.err


def test_a_pack_is_loaded_and_loading_it_again_changes_nothing(shell: Shell) -> None:
    folder = str(pack(shell.folder / "pack"))
    assert shell.run("pack", "load", folder) == 0
    assert "1 new, 0 changed, 0 taken out, 0 as before" in shell.out
    assert shell.run("pack", "load", folder) == 0
    assert "0 new, 0 changed, 0 taken out, 1 as before" in shell.out
    assert [one.id for one in shell.rows(packs.all_packs)] == ["demo"]


def test_the_questions_of_a_pack_are_checked_and_loaded_with_it(shell: Shell) -> None:
    questions = "questions:\n- {key: q, kind: fill, stem: 哪一年？, answers: 1921}\n"
    folder = str(pack(shell.folder / "pack", {"questions.yaml": questions}))
    assert shell.run("pack", "check", folder) == 0
    assert "The questions are in order: 1." in shell.out
    assert shell.run("pack", "load", folder) == 0
    assert "The questions are loaded: 1 new" in shell.out
    assert [(one.id, one.size) for one in shell.rows(banks.all_banks)] == [("demo", 1)]


def test_a_pack_with_a_broken_question_is_not_loaded_at_all(shell: Shell) -> None:
    folder = str(pack(shell.folder / "pack", {"questions.yaml": "questions:\n- {key: q, kind: essay}\n"}))
    for command in ("check", "load"):
        assert shell.run("pack", command, folder) == 1
        assert re.search(r"^questions.yaml:2 ", shell.err, re.MULTILINE)
    assert shell.rows(packs.all_packs) == []


def test_an_empty_outbox_says_so(shell: Shell) -> None:
    assert shell.run("outbox") == 0
    assert "No message is waiting" in shell.out
    assert shell.run("outbox", "--failed") == 0
    assert "No message has failed" in shell.out


def test_failed_messages_are_listed_without_their_words_and_sent_again(shell: Shell) -> None:
    shell.rows(a_failed_message)
    shell.run("outbox")
    assert re.search(r"telegram:1 +0 +0 +1", shell.out)
    shell.run("outbox", "--failed")
    assert "Forbidden: bot was kicked" in shell.out and "remind.text" in shell.out
    assert "张三" not in shell.out
    found = re.search(r"\d{15,}", shell.out)
    assert found
    assert shell.run("outbox", "--retry", found[0]) == 0
    assert shell.rows(outbox_care.counts) == {("telegram:1", "queued"): 1}
    assert shell.run("outbox", "--retry", found[0]) == 1
    assert "There is no failed message" in shell.err


def test_failed_live_messages_and_reactions_are_listed_by_their_kind() -> None:
    from bot.operation.report import _kind
    from domain.message import Live

    assert _kind(Message(live=Live("board", "2026-03-02")).dump()) == "board"
    assert _kind(Message(react="👍", reply_to="5").dump()) == "👍"
    assert _kind(Message(title=Line("setup.title"), lines=(Line("setup.done"),)).dump()) == "setup.title"


def test_a_setup_code_is_printed_and_binds_once(shell: Shell) -> None:
    assert shell.run("setup-code") == 0
    assert shell.out.strip() == "4821-9034"
    assert "setup 4821-9034" in shell.err

    async def redeem_twice(tx: Tx) -> list[bool]:
        written = ("４８２１ ９０３４", "48219034")
        return [await setup_codes.redeem(tx, setup_codes.digest(code), NOW + 1) for code in written]

    assert shell.rows(redeem_twice) == [True, False]


def test_a_login_link_lets_that_member_in(shell: Shell) -> None:
    shell.rows(a_group)
    assert shell.run("login-link", "--name", "张三") == 0
    assert shell.out.strip() == "http://127.0.0.1:0/enter/t0ken"

    async def enter(tx: Tx) -> tuple[int | None, list[Chat]]:
        person = await logins.enter(tx, "t0ken", "session", "site", NOW + 1, NOW + DAY)
        return person, await groups.chats(tx, GROUP.id)

    assert shell.rows(enter) == (11, [Chat("browser", "site", "g7")])


def test_somebody_new_becomes_a_member_by_their_link(shell: Shell) -> None:
    shell.rows(a_group)
    assert shell.run("login-link", "--name", " 王五\u202e", "--group", "一组", "--new") == 0
    names = [m.name for m in shell.rows(lambda tx: members.in_group(tx, GROUP.id))]
    assert names == ["张三", "李四", "李四", "王五"]


def test_a_link_into_a_group_yet_to_be_says_how_it_is_set_up(shell: Shell) -> None:
    assert shell.run("login-link", "--name", "张三", "--group", "新支部", "--new") == 0
    assert shell.out.strip() == "http://127.0.0.1:0/enter/t0ken"
    assert "“新支部” is not set up yet" in shell.err and "setup CODE" in shell.err
    shell.token = "another"
    assert shell.run("login-link", "--name", "李四", "--group", "新支部", "--new") == 0
    assert "not set up yet" not in shell.err


def test_the_first_person_of_an_empty_installation_gets_a_link_too(shell: Shell) -> None:
    assert shell.run("login-link", "--name", "张三") == 0
    assert shell.out.strip().endswith("/enter/t0ken")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Say whom the link is for"),
        (("--name", "赵六"), "Nobody in “一组” is called “赵六”. For somebody new add --new."),
        (("--name", "李四"), "Several people are called “李四”; say which by number with --person: 12"),
        (("--name", "张三", "--group", "三组"), "There is no group “三组”. The groups are: 一组 (7)"),
        (("--person", "99"), "Nobody has the number 99"),
    ],
)
def test_a_link_for_nobody_in_particular_is_refused_with_what_to_do(
    shell: Shell, words: tuple[str, ...], said: str
) -> None:
    shell.rows(a_group)
    assert shell.run("login-link", *words) == 1
    assert said in shell.err and shell.out == ""


def test_with_several_groups_one_is_asked_for(shell: Shell) -> None:
    shell.rows(a_group)
    shell.rows(another_group)
    assert shell.run("login-link", "--name", "张三") == 1
    assert "Say which group with --group: 一组 (7), 二组 (8)" in shell.err
    assert shell.run("login-link", "--name", "张三", "--group", "7") == 0


def test_by_number_a_person_gets_a_link_into_a_group_they_are_in(shell: Shell) -> None:
    shell.rows(a_group)
    shell.rows(another_group)
    for token, words in enumerate(((), ("--group", "一组"))):
        shell.token = str(token)
        assert shell.run("login-link", "--person", "12", *words) == 0
    assert shell.run("login-link", "--person", "12", "--group", "二组") == 1
    assert "Nobody has the number 12" in shell.err


def test_without_any_group_none_can_be_named(shell: Shell) -> None:
    assert shell.run("login-link", "--name", "张三", "--group", "一组") == 1
    assert "There is no group yet" in shell.err


def test_doctor_finds_a_fresh_installation_well(shell: Shell) -> None:
    assert shell.run("doctor") == 0
    assert "the first start makes it" in shell.out
    assert not (shell.folder / "data").exists()


def test_doctor_looks_into_the_database_and_the_outbox(shell: Shell) -> None:
    shell.rows(a_failed_message)
    assert shell.run("doctor") == 0
    assert "could not be sent: 1" in shell.out
    assert "xueban pack load" in shell.out


def test_doctor_fails_on_what_must_be_put_right(shell: Shell) -> None:
    (shell.folder / "data").write_text("a file where a folder should be")
    assert shell.run("doctor") == 1
    assert "cannot be written to" in shell.out


def test_the_commands_are_those_of_the_design(shell: Shell) -> None:
    world = World(lambda: NOW, str, lambda below: 0, lambda config: None)
    group = typer.main.get_command(commands(world, None))
    assert set(getattr(group, "commands", {})) == {
        *(
            "run",
            "migrate",
            "doctor",
            "pack",
            "bank",
            "outbox",
            "login-link",
            "setup-code",
            "backup",
            "restore",
        ),
    }
