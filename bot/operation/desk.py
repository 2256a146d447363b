"""Where the commands of ``xueban`` are served: the settings, a voice and the database, and sentences for what goes wrong."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

import typer
from rich.console import Console

from bot.operation.complaints import complaint
from bot.operation.report import Voice
from bot.settings import BadSettings, Config, load
from content.packs import PackFaults
from content.texts import Texts
from domain.group import LANGUAGES, Language
from storage.database import open_database
from storage.migrate import migrate
from storage.tx import Database

P = ParamSpec("P")
T = TypeVar("T")

FAULT = 1


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
