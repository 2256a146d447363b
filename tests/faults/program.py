"""The real program, ``xueban run``, as a process of its own in a folder of its own."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import httpx

from bot.settings import PREFIX, variable
from tests.faults.ledger import Ledger
from tests.platforms.fake_bot_api import FakeBotApi
from tests.platforms.telegram_rig import SECRET, Mode

PATIENCE = 60.0
"""Seconds within which a start must have succeeded or failed."""
PROMISED = 5.0
"""Seconds within which a stop is promised to be over."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Program:
    """``settings`` are fields of `bot.settings.Config`. What it prints is kept over restarts, in ``out`` and ``err``."""

    def __init__(self, folder: Path, bytecode: Path, **settings: object) -> None:
        self.folder = folder
        self.port = free_port()
        self._bytecode = bytecode
        self._settings: dict[str, object] = {
            "data_dir": folder / "data",
            "http_port": self.port,
            "language": "en",
        }
        self._settings |= settings
        self._process: subprocess.Popen[bytes] | None = None

    def serve(self, fake: FakeBotApi, mode: Mode) -> Program:
        """Let it serve the fake Telegram."""
        self._settings |= {"telegram_token": fake.token, "telegram_api_url": fake.url}
        if mode == "webhook":
            self._settings |= {"telegram_webhook_url": self.url, "telegram_webhook_secret": SECRET}
        return self

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def out(self) -> str:
        return (self.folder / "out").read_text("utf-8")

    @property
    def err(self) -> str:
        return (self.folder / "err").read_text("utf-8")

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.folder / "data" / "xueban.db")

    def spawn(self) -> None:
        """Start it, and do not wait."""
        command = [str(Path(sys.executable).with_name("xueban")), "run"]
        with (self.folder / "out").open("ab") as out, (self.folder / "err").open("ab") as err:
            self._process = subprocess.Popen(
                command,
                cwd=self.folder,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
            )

    async def start(self) -> None:
        """Until it says that it is ready."""
        self.spawn()
        await self.until_ready()

    async def until_ready(self) -> None:
        await self.until_it_answers("/readyz", 200)

    async def until_it_answers(self, path: str, status: int) -> None:
        async with httpx.AsyncClient(base_url=self.url) as web:

            async def answers() -> bool:
                try:
                    return (await web.get(path)).status_code == status
                except httpx.HTTPError:
                    return False

            await self._until(answers)

    async def until_it_says(self, words: str) -> None:
        async def said() -> bool:
            return words in self.out

        await self._until(said)

    async def _until(self, so: Callable[[], Awaitable[bool]]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not await so():
                assert self.runs, f"it ended instead: {self.out}{self.err}"
                await asyncio.sleep(0.05)

    @property
    def runs(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def tell(self, sig: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(sig)

    def kill(self) -> None:
        """SIGKILL: it gets no chance to do anything more."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    async def ended(self, within: float = PATIENCE) -> int:
        """Its exit code. Raises TimeoutExpired where it lives on."""
        assert self._process is not None
        return await asyncio.to_thread(self._process.wait, within)

    async def stop(self, sig: signal.Signals = signal.SIGTERM) -> float:
        """Ask it to stop, and see that it does so cleanly. The seconds it took."""
        began = time.monotonic()
        self.tell(sig)
        code = await self.ended(PROMISED)
        assert code == 0, self.err
        return time.monotonic() - began

    def _environment(self) -> Mapping[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.upper().startswith(PREFIX)}
        # A machine that keeps no compiled code would compile it anew at each of many starts.
        inherited.pop("PYTHONDONTWRITEBYTECODE", None)
        ours = {variable(name): str(value) for name, value in self._settings.items()}
        return inherited | ours | {"PYTHONPYCACHEPREFIX": str(self._bytecode)}
