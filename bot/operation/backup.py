"""``xueban backup`` and ``xueban restore``: everything in one file, while the program runs, and back into either engine."""

import asyncio
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from bot.operation.desk import Desk
from bot.sending.turn import LEASE
from bot.settings import Config
from domain.errors import UserError
from storage.backup import Backup, Folders, Manifest, Progress, back_up
from storage.database import is_postgres, open_database, sqlite_path
from storage.migrate import is_current


def add_backup(xueban: typer.Typer, desk: Desk) -> None:
    say = desk.voice.text
    File = Annotated[Path, typer.Argument(metavar="FILE", help=say("backup.file"))]
    Replace = Annotated[bool, typer.Option("--replace", help=say("backup.replace"))]
    Yes = Annotated[bool, typer.Option("--yes", help=say("backup.yes"))]

    @xueban.command(help=say("backup.backup"))
    @desk.kindly
    def backup(file: File) -> None:
        with desk.voice.busy(say("backup.writing")) as progress:
            made = asyncio.run(_back_up(desk, file, progress))
        desk.voice.say("backup.written", file=str(file), rows=made.rows, files=len(made.files))

    @xueban.command(help=say("backup.restore"))
    @desk.kindly
    def restore(file: File, replace: Replace = False, yes: Yes = False) -> None:
        with desk.voice.busy(say("backup.checking")) as progress:
            found = Backup.open(file, progress)
        try:
            if _agreed(desk, replace, yes):
                _restore(desk, found, replace)
                rows, files = found.manifest.rows, len(found.manifest.files)
                desk.voice.say("backup.restored", rows=rows, files=files)
            else:
                desk.voice.say("backup.left")
        finally:
            found.close()


async def _back_up(desk: Desk, file: Path, progress: Progress) -> Manifest:
    url = desk.config.database
    if not is_postgres(url) and not sqlite_path(url).exists():
        raise UserError("backup.nothing")
    if not await asyncio.to_thread(is_current, url):
        raise UserError("backup.behind")
    database = await open_database(url)
    try:
        now = desk.world.clock()
        return await back_up(database, _folders(desk.config), file, version("xueban"), now, progress)
    finally:
        await database.close()


def _agreed(desk: Desk, replace: bool, yes: bool) -> bool:
    """Whether the operator wants it. Raises `UserError` where there are people in the database, and not even that was said."""
    from storage.restoring import is_used

    if not is_used(desk.config.database):
        return True
    if not replace:
        raise UserError("backup.not_empty")
    return yes or typer.confirm(desk.voice.text("backup.sure"))


def _restore(desk: Desk, found: Backup, replace: bool) -> None:
    from storage.restoring import restore

    with desk.voice.busy(desk.voice.text("backup.reading")) as progress:
        restore(
            desk.config.database,
            found,
            _folders(desk.config),
            replace=replace,
            now=desk.world.clock(),
            lease=LEASE,
            progress=progress,
        )


def _folders(config: Config) -> Folders:
    return {"media": config.media_dir, "uploads": config.uploads_dir, "photos": config.photos_dir}
