"""The command ``xueban``: reads what the operator wants, has it done by `bot.operation.errands`, and says how it went."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from functools import wraps
from pathlib import Path
from typing import Annotated, ParamSpec, TypeVar

import typer
from rich.console import Console

from bot.operation import doctor, errands, links
from bot.operation.backup import add_backup
from bot.operation.banking import add_banks
from bot.operation.complaints import complaint
from bot.operation.report import Voice
from bot.settings import BadSettings, Config, load, strangers
from content.banks import read_pack_with_bank
from content.packs import PackFaults
from content.texts import Texts
from content.texts import faults as text_faults
from domain.group import LANGUAGES, Language
from domain.ids import Ids
from domain.message import line
from storage.database import open_database
from storage.migrate import migrate
from storage.tx import Database

P = ParamSpec("P")
T = TypeVar("T")

FAULT = 1
WORKER = 1023
"""Ids made here never meet those of a running server, which has a smaller worker number."""


@dataclass(frozen=True, slots=True)
class World:
    """What only `bot/main.py` may reach for: the clock, secrets, and the running program itself."""

    clock: Callable[[], int]
    new_token: Callable[[], str]
    dice: Callable[[int], int]
    """A secret number below the one given."""
    serve: Callable[[Config], None]
    """Runs until it is told to stop."""


class Desk:
    """What every command needs: settings that are checked when asked for, a voice, and the database."""

    def __init__(self, world: World, texts: Texts, env_file: Path | None, out: Console, err: Console) -> None:
        self.world = world
        self.texts = texts
        self.env_file = env_file
        self._config: Config | BadSettings
        try:
            self._config = load(env_file)
            languages: tuple[Language, ...] = (self._config.language,)
        except BadSettings as wrong:
            self._config = wrong
            languages = LANGUAGES
        self.voice = Voice(texts, languages, out, err)

    @property
    def config(self) -> Config:
        if isinstance(self._config, BadSettings):
            raise self._config
        return self._config

    def ask(self, errand: Callable[[Database], Awaitable[T]]) -> T:
        """Have it done on the database, brought up to date first."""

        async def asked() -> T:
            database = await open_database(self.config.database)
            try:
                return await errand(database)
            finally:
                await database.close()

        migrate(self.config.database)
        return asyncio.run(asked())

    def kindly(self, fn: Callable[P, None]) -> Callable[P, None]:
        """What was to be expected becomes sentences and exit code 1; a fault of ours keeps its traceback."""

        @wraps(fn)
        def run(*args: P.args, **kwargs: P.kwargs) -> None:
            try:
                fn(*args, **kwargs)
            except KeyboardInterrupt:
                raise typer.Exit(0) from None
            except typer.Exit:
                raise
            except Exception as error:
                self._complain(error)
                raise typer.Exit(FAULT) from None

        return run

    def _complain(self, error: Exception) -> None:
        """Raises it again where it is a fault of ours."""
        lines = complaint(error, self._config if isinstance(self._config, Config) else None)
        if lines is None:
            raise error
        if isinstance(error, PackFaults):
            self.voice.pack_faults(error)
        self.voice.complain(lines)


def commands(
    world: World,
    env_file: Path | None = Path(".env"),
    out: Console | None = None,
    err: Console | None = None,
) -> typer.Typer:
    """The command line, speaking the language of the settings."""
    desk = Desk(world, Texts.load(), env_file, out or Console(), err or Console(stderr=True))
    say = desk.voice.text
    xueban = typer.Typer(
        name="xueban",
        help=say("cli.xueban"),
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    _add_running(xueban, desk)
    _add_packs(xueban, desk)
    add_banks(xueban, desk)
    _add_outbox(xueban, desk)
    _add_entrances(xueban, desk)
    add_backup(xueban, desk)
    return xueban


def _add_running(xueban: typer.Typer, desk: Desk) -> None:
    say = desk.voice.text

    @xueban.command(help=say("cli.run"))
    @desk.kindly
    def run() -> None:
        desk.world.serve(desk.config)

    @xueban.command("migrate", help=say("cli.migrate"))
    @desk.kindly
    def migrate_() -> None:
        migrate(desk.config.database)
        desk.voice.say("cli.migrated")

    @xueban.command("doctor", help=say("cli.doctor"))
    @desk.kindly
    def doctor_() -> None:
        found = asyncio.run(_examination(desk))
        desk.voice.findings(found)
        if doctor.worst(found) == "fail":
            raise typer.Exit(FAULT)


async def _examination(desk: Desk) -> list[doctor.Finding]:
    config = desk.config
    inspections: list[doctor.Inspect] = []
    if token := config.telegram_token:
        from bot.platforms.telegram.checkup import inspect

        secret = token.get_secret_value()
        inspections.append(
            lambda: inspect(secret, config.telegram_api_url, config.telegram_webhook_url, desk.world.clock)
        )
    odd = strangers(desk.env_file)
    return await doctor.examine(config, odd, text_faults(), errands.Records(config.database), inspections)


def _add_packs(xueban: typer.Typer, desk: Desk) -> None:
    say = desk.voice.text
    pack = typer.Typer(no_args_is_help=True)
    xueban.add_typer(pack, name="pack", help=say("cli.pack"))
    Folder = Annotated[Path, typer.Argument(metavar="PATH", help=say("cli.pack_path"))]

    @pack.command("check", help=say("cli.pack_check"))
    @desk.kindly
    def check(path: Folder) -> None:
        found, bank = read_pack_with_bank(path)
        desk.voice.say("cli.pack_good", title=found.title, count=len(found.items))
        if bank:
            desk.voice.say("bank.good", count=len(bank.questions))

    @pack.command("load", help=say("cli.pack_load"))
    @desk.kindly
    def load_(path: Folder) -> None:
        now, media = desk.world.clock(), desk.config.media_dir
        found, items, questions = desk.ask(lambda database: errands.load_pack(database, path, media, now))
        desk.voice.say("cli.pack_loaded", title=found.title, **asdict(items))
        if questions:
            desk.voice.say("bank.loaded", **asdict(questions))


def _add_outbox(xueban: typer.Typer, desk: Desk) -> None:
    say = desk.voice.text
    Failed = Annotated[bool, typer.Option("--failed", help=say("cli.outbox_failed"))]
    Retry = Annotated[int | None, typer.Option("--retry", metavar="ID", help=say("cli.outbox_retry"))]

    @xueban.command(help=say("cli.outbox"))
    @desk.kindly
    def outbox(failed: Failed = False, retry: Retry = None) -> None:
        if retry is not None:
            desk.ask(lambda database: errands.retry(database, retry))
            desk.voice.say("cli.retried", id=retry)
        elif failed:
            found = desk.ask(errands.failures)
            desk.voice.failures(found) if found else desk.voice.say("cli.nothing_failed")
        else:
            counts = desk.ask(errands.counts)
            desk.voice.counts(counts) if counts else desk.voice.say("cli.nothing_waits")


def _add_entrances(xueban: typer.Typer, desk: Desk) -> None:
    say = desk.voice.text
    Name = Annotated[str, typer.Option("--name", help=say("cli.link_name"))]
    Group = Annotated[str, typer.Option("--group", help=say("cli.link_group"))]
    Person = Annotated[int | None, typer.Option("--person", metavar="ID", help=say("cli.link_person"))]
    New = Annotated[bool, typer.Option("--new", help=say("cli.link_new"))]

    @xueban.command("login-link", help=say("cli.login_link"))
    @desk.kindly
    def login_link(name: Name = "", group: Group = "", person: Person = None, new: New = False) -> None:
        who = links.Who(person, name, group, new)
        ids, now, token = Ids(WORKER), desk.world.clock(), desk.world.new_token()
        site = desk.config.site
        link, opened = desk.ask(lambda database: links.login_link(database, who, site, token, ids, now))
        desk.voice.bare(link)
        told = [line("cli.link_lives", minutes=links.LINK_MINUTES)]
        desk.voice.complain(told + [line("cli.chat_opened", group=group)] * opened)

    @xueban.command("setup-code", help=say("cli.setup_code"))
    @desk.kindly
    def setup_code() -> None:
        now = desk.world.clock()
        code = desk.ask(lambda database: errands.setup_code(database, desk.world.dice, now))
        desk.voice.bare(code)
        desk.voice.complain([line("cli.code_lives", code=code)])
