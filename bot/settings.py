"""What the installation is told by its environment: the one place where variables and `.env` are read.

Each is described in `.env.example` and in the READMEs' tables; a test keeps the three in step.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import quote, urlsplit

from dotenv import dotenv_values
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from domain.group import Language
from domain.message import Line, line
from storage.database import is_postgres, sqlite_path

PREFIX = "XUEBAN_"
ENV_FILE = Path(".env")
TELEGRAM_API = "https://api.telegram.org"
# Bot API, setWebhook: "1-256 characters. Only characters A-Z, a-z, 0-9, _ and - are allowed."
_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
# https://core.telegram.org/bots/api#authorizing-your-bot: "123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11".
_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")

LogLevel = Literal["debug", "info", "warning", "error"]


def _fault(key: str) -> PydanticCustomError:
    """A complaint whose type names its sentence; the value is never repeated, it may be a secret."""
    return PydanticCustomError(key, "see content/texts")


def _must(key: str, holds: Callable[[str], bool]) -> AfterValidator:
    def check(value: str) -> str:
        if not holds(value):
            raise _fault(key)
        return value

    return AfterValidator(check)


def _secret(key: str, pattern: re.Pattern[str]) -> AfterValidator:
    def check(value: SecretStr) -> SecretStr:
        if not pattern.fullmatch(value.get_secret_value()):
            raise _fault(key)
        return value

    return AfterValidator(check)


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    plain = not (parts.query or parts.fragment or parts.username)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and plain


def _is_database(url: str) -> bool:
    if is_postgres(url):
        return bool(urlsplit(url).hostname or urlsplit(url).path.strip("/"))
    try:
        return bool(sqlite_path(url).name)
    except ValueError:
        return False


def _folded(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


WebAddress = Annotated[
    str, _must("env.not_web_address", _is_web), AfterValidator(lambda url: url.rstrip("/"))
]


class Config(BaseSettings):
    """The installation's settings, checked. Paths are relative to where the program was started."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    data_dir: Path = Path("data")
    database_url: Annotated[str, _must("env.not_database", lambda url: url == "" or _is_database(url))] = ""
    """Empty means SQLite below ``data_dir``; `database` is what to open."""
    http_host: str = "127.0.0.1"
    http_port: Annotated[int, Field(ge=0, le=65535)] = 8000
    """0 takes any free port."""
    public_url: WebAddress | None = None
    telegram_token: Annotated[SecretStr, _secret("env.not_token", _TOKEN)] | None = None
    telegram_api_url: WebAddress = TELEGRAM_API
    telegram_webhook_url: WebAddress | None = None
    telegram_webhook_secret: (
        Annotated[SecretStr, _secret("env.not_webhook_secret", _WEBHOOK_SECRET)] | None
    ) = None
    points_file: Path | None = None
    """Rules of points other than those of `content/points.yaml`."""
    log_level: Annotated[LogLevel, BeforeValidator(_folded)] = "info"
    log_json: bool | None = None
    """None: JSON unless somebody is watching in a terminal."""
    language: Annotated[Language, BeforeValidator(_folded)] = "zh"
    """What the command line, and people of whom no language is known, are answered in."""
    demo: bool | None = None
    """None: a demonstration exactly where no chat platform is configured."""

    @model_validator(mode="after")
    def _fit_together(self) -> Config:
        if self.telegram_webhook_url and self.telegram_token is None:
            raise _fault("env.webhook_without_token")
        if self.telegram_webhook_url and self.telegram_webhook_secret is None:
            raise _fault("env.webhook_without_secret")
        official = self.telegram_api_url == TELEGRAM_API
        if official and self.telegram_webhook_url and not self.telegram_webhook_url.startswith("https://"):
            raise _fault("env.webhook_not_https")
        if self.demo and self.telegram_token is not None:
            raise _fault("env.demo_with_telegram")
        return self

    @property
    def database(self) -> str:
        """The demonstration keeps to a file of its own: its six people never meet real ones."""
        name = "demo.db" if self.demonstration else "xueban.db"
        return self.database_url or f"sqlite:///{quote(str(self.data_dir / name))}"

    @property
    def media_dir(self) -> Path:
        """Where pack media are kept."""
        return self.data_dir / "media"

    @property
    def uploads_dir(self) -> Path:
        """Where files that people attach lie until they are read. Apart from ``media_dir``, which anybody may look into."""
        return self.data_dir / "uploads"

    @property
    def photos_dir(self) -> Path:
        """Where the pictures people hand in are kept. Apart from ``media_dir``: only who may see one is shown it."""
        return self.data_dir / "photos"

    @property
    def demonstration(self) -> bool:
        return self.telegram_token is None if self.demo is None else self.demo

    @property
    def site(self) -> str:
        """Where people reach the pages, without a slash at the end."""
        return self.public_url or f"http://{_in_url(self.http_host)}:{self.http_port}"


class BadSettings(Exception):
    """The environment cannot be used; ``faults`` say which variable, what is wrong with it and what to do."""

    def __init__(self, faults: tuple[Line, ...]) -> None:
        super().__init__(f"{len(faults)} settings are wrong")
        self.faults = faults


def load(env_file: Path | None = ENV_FILE) -> Config:
    """The settings, the environment before ``env_file``. Raises `BadSettings` with every fault at once."""
    try:
        return Config(_env_file=env_file)
    except ValidationError as wrong:
        raise BadSettings(tuple(_sentence(error) for error in wrong.errors(include_input=False))) from None
    except UnicodeDecodeError:
        raise BadSettings((line("env.file_not_utf8", file=str(env_file)),)) from None


def strangers(env_file: Path | None = ENV_FILE) -> list[tuple[str, str]]:
    """Variables that begin like ours but are none of them, each with the one probably meant (or "")."""
    known = [variable(name) for name in Config.model_fields]
    written = {*os.environ, *(dotenv_values(env_file) if env_file and env_file.is_file() else ())}
    odd = sorted(name for name in written if name.upper().startswith(PREFIX) and name.upper() not in known)
    return [(name, "".join(difflib.get_close_matches(name.upper(), known, n=1, cutoff=0.8))) for name in odd]


def variable(field: str) -> str:
    """``http_port`` → ``XUEBAN_HTTP_PORT``."""
    return PREFIX + field.upper()


def _in_url(host: str) -> str:
    if host in ("0.0.0.0", "::", ""):
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


_KINDS = {
    "int_parsing": "env.not_number",
    "greater_than_equal": "env.not_port",
    "less_than_equal": "env.not_port",
    "bool_parsing": "env.not_yes_or_no",
    "bool_type": "env.not_yes_or_no",
    "literal_error": "env.not_one_of",
}


def _sentence(error: ErrorDetails) -> Line:
    if not error["loc"]:
        return line(error["type"])
    name = variable(str(error["loc"][0]))
    key = error["type"] if error["type"].startswith("env.") else _KINDS.get(error["type"], "env.wrong")
    if key == "env.not_one_of":
        choices = str(error["ctx"]["expected"]).replace("'", "").replace(" or ", ", ")
        return line(key, variable=name, choices=choices)
    return line(key, variable=name)
