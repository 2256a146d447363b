"""What the operator sees once the program runs: where the page is, whom it serves, and how to stop it."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from bot.platforms.telegram.account import TelegramIngress
from bot.settings import Config
from content.texts import Texts
from domain.message import Line, line


def greet(config: Config, texts: Texts, ingresses: Sequence[TelegramIngress], out: Console) -> None:
    """A panel for somebody who watches in a terminal, plain lines for a file."""
    words = [texts.say(config.language, one) for one in _lines(config, ingresses)]
    if out.is_terminal:
        title = texts.say(config.language, line("running.title"))
        out.print(Panel(Text("\n".join(words)), title=title, title_align="left", expand=False))
    else:
        out.print(Text("\n".join(words)), soft_wrap=True)


def _lines(config: Config, ingresses: Sequence[TelegramIngress]) -> list[Line]:
    told = [line("running.page", site=config.site)]
    told += [line("running.demonstration" if config.demonstration else "running.enter")]
    way = "running.by_webhook" if config.telegram_webhook_url else "running.by_polling"
    told += [line(way, bot=_address(ingress)) for ingress in ingresses]
    return [*told, line("running.stop")]


def _address(ingress: TelegramIngress) -> str:
    """``https://t.me/name``: an invitation to nothing in particular."""
    return (ingress.invitation("start") or ingress.account).partition("?")[0]
