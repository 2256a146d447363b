"""``xueban bank``: question banks in and out on the command line, and what their questions are worth."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.table import Table

from bot.operation.desk import Desk
from bot.operation.links import group_named
from bot.operation.report import Voice
from content.exchange.drafts import Progress
from content.exchange.formats import Written, read_bank, template, write_bank
from content.exchange.plain import MAX_BYTES
from domain.errors import UserError
from domain.item_analysis import Judgement
from domain.message import line
from domain.question import Bank, Question
from handlers.bank_look import judgements, reasons
from storage import banks, groups, shelf
from storage.banks import Shelved
from storage.loading import Loaded
from storage.tx import Tx

T = TypeVar("T")

_FORMATS: dict[str, Written] = {".xlsx": "xlsx", ".csv": "csv", ".gift": "gift", ".xml": "moodle"}
_STEM_CHARS = 60


def add_banks(xueban: typer.Typer, desk: Desk) -> None:
    say = desk.voice.text
    bank = typer.Typer(no_args_is_help=True)
    xueban.add_typer(bank, name="bank", help=say("bank.cli"))
    File = Annotated[Path, typer.Argument(metavar="FILE", help=say("bank.cli_file"))]
    Id = Annotated[str, typer.Argument(metavar="ID", help=say("bank.cli_id"))]
    Group = Annotated[str, typer.Option("--group", help=say("bank.cli_group"))]

    @bank.command("import", help=say("bank.cli_import"))
    @desk.kindly
    def import_(file: File, group: Group = "") -> None:
        with desk.voice.counting("bank.cli_reading") as progress:
            read = read_file(file, progress)
        loaded = desk.ask(lambda db: db.transaction(load, read, group, desk.world.clock()))
        desk.voice.say("bank.bank_loaded", title=read.title)
        desk.voice.say("bank.loaded", **asdict(loaded))

    @bank.command("export", help=say("bank.cli_export"))
    @desk.kindly
    def export(id: Id, file: File) -> None:
        format = format_of(file)
        taken = desk.ask(lambda db: db.read(whole, id))
        file.write_bytes(write_bank(taken, format))
        desk.voice.say("bank.cli_written", file=str(file))

    @bank.command("template", help=say("bank.cli_template"))
    @desk.kindly
    def template_(file: File) -> None:
        file.write_bytes(template(desk.config.language))
        desk.voice.say("bank.cli_written", file=str(file))

    @bank.command("list", help=say("bank.cli_list"))
    @desk.kindly
    def list_() -> None:
        found = desk.ask(lambda db: db.read(_with_groups))
        desk.voice.table(_listed(desk.voice, found)) if found else desk.voice.say("bank.cli_empty")

    @bank.command("stats", help=say("bank.cli_stats"))
    @desk.kindly
    def stats(id: Id) -> None:
        desk.voice.table(_judged(desk.voice, desk.ask(lambda db: db.read(stood, id))))


def read_file(file: Path, progress: Progress) -> Bank:
    """Raises `PackFaults` with all that is wrong, OSError where there is nothing to read."""
    with file.open("rb") as opened:
        return read_bank(opened.read(MAX_BYTES + 1), file.name, progress)


def format_of(file: Path) -> Written:
    if file.suffix.lower() not in _FORMATS:
        raise UserError("bank.cli_format", suffix=file.suffix)
    return _FORMATS[file.suffix.lower()]


async def load(tx: Tx, bank: Bank, group: str, now: int) -> Loaded:
    """As everybody's, or as the group's own. What is somebody else's is never overwritten."""
    group_id = group_named(await groups.all_groups(tx), group).id if group else 0
    try:
        id = await shelf.id_for(tx, group_id, bank.id)
    except LookupError:
        raise UserError("bank.taken", id=bank.id) from None
    return await banks.save(tx, replace(bank, id=id), now, group_id)


async def whole(tx: Tx, id: str) -> Bank:
    found = await banks.whole(tx, id)
    if found is None:
        known = tuple(line("raw", text=one.id) for one in await banks.all_banks(tx))
        raise UserError("bank.no_such" if known else "bank.cli_empty", id=id, known=known)
    return found


async def stood(tx: Tx, id: str) -> list[tuple[Question, Judgement]]:
    """What all groups' answers say of each question."""
    return await judgements(tx, (await whole(tx, id)).id)


async def _with_groups(tx: Tx) -> list[tuple[Shelved, str]]:
    names = {group.id: group.name for group in await groups.all_groups(tx)}
    return [(one, names.get(one.group_id, "")) for one in await banks.all_banks(tx)]


def _listed(voice: Voice, found: list[tuple[Shelved, str]]) -> Table:
    table = _table(voice, "cli.id", "bank.cli_title", "bank.cli_size", "bank.cli_whose")
    for one, group in found:
        table.add_row(one.id, one.title, str(one.size), group or voice.text("bank.shared"))
    return table


def _judged(voice: Voice, found: list[tuple[Question, Judgement]]) -> Table:
    heads = ("answers", "difficulty", "discrimination", "look")
    table = _table(voice, "cli.id", "bank.cli_question", *(f"bank.cli_{head}" for head in heads))
    for question, judged in found:
        share = voice.text("bank.cli_few") if judged.difficulty is None else f"{judged.difficulty:.0%}"
        told = "" if judged.discrimination is None else f"{judged.discrimination:.2f}"
        why = "\n".join(voice.text(one.key, **one.params).strip() for one in reasons(question, judged))
        table.add_row(question.key, question.stem[:_STEM_CHARS], str(judged.answers), share, told, why)
    return table


def _table(voice: Voice, *heads: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for head in heads:
        table.add_column(voice.text(head), overflow="fold")
    return table
