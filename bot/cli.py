"""The command ``xueban``: reads what the operator wants, has it done by `bot.operation.errands`, and says how it went."""

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.operation import doctor, errands, links
from bot.operation.backup import add_backup
from bot.operation.banking import add_banks
from bot.operation.desk import FAULT, Desk, World
from bot.settings import strangers
from content.banks import read_pack_with_bank
from content.texts import Texts
from content.texts import faults as text_faults
from domain.ids import Ids
from domain.message import line
from storage.migrate import migrate

WORKER = 1023
"""Ids made here never meet those of a running server, which has a smaller worker number."""


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
