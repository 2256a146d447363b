"""The documents keep step with the program: commands, settings, links, and the two commands a newcomer types."""

from __future__ import annotations

import re
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import typer
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.cli import commands
from bot.operation.desk import World
from bot.settings import Config, variable
from content.words import Words
from domain.group import Settings
from handlers import COMMANDS

ROOT = Path(__file__).parents[2]
README = {"en": ROOT / "README.md", "zh": ROOT / "README.zh-CN.md"}
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
MARKDOWN = MarkdownIt("commonmark").enable("table")
TWO_COMMANDS = ["make run", "make test"]


def tokens(document: Path) -> Iterator[Token]:
    for token in MARKDOWN.parse(document.read_text(encoding="utf-8")):
        yield token
        yield from token.children or ()


def in_tables(document: Path) -> set[str]:
    """Whatever stands as code in a table of the document."""
    inside, found = False, set()
    for token in tokens(document):
        inside = token.type == "table_open" or (inside and token.type != "table_close")
        if inside and token.type == "code_inline":
            found.add(token.content)
    return found


def shell_lines(document: Path) -> list[str]:
    """The commands in the document's blocks of code, in order, without their comments."""
    blocks = [
        t.content for t in tokens(document) if t.type == "fence" and t.info.split()[:1] in (["sh"], ["bash"])
    ]
    lines = [line.partition("#")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line]


def cli_commands() -> set[str]:
    group = typer.main.get_command(
        commands(World(lambda: 0, str, lambda below: 0, lambda config: None), None)
    )
    return {f"xueban {path}" for path in _paths(group)}


def _paths(group: object) -> Iterator[str]:
    for name, command in getattr(group, "commands", {}).items():
        below = list(_paths(command))
        yield from (f"{name} {path}" for path in below) if below else (name,)


@pytest.mark.parametrize("language", README)
def test_every_setting_of_the_installation_stands_in_the_table(language: str) -> None:
    expected = {variable(name) for name in Config.model_fields}
    written = {word for word in in_tables(README[language]) if word.startswith("XUEBAN_")}
    assert written == expected


@pytest.mark.parametrize("language", README)
def test_every_command_of_the_command_line_stands_in_the_table(language: str) -> None:
    written = {re.sub(r"( (--|[A-Z<\[]).*)$", "", word) for word in in_tables(README[language])}
    assert {word for word in written if word.startswith("xueban ")} == cli_commands()


@pytest.mark.parametrize("language", README)
def test_every_chat_command_stands_in_the_table_in_both_languages(language: str) -> None:
    words, written = Words.load(), in_tables(README[language])
    listed = [command.name for command in COMMANDS if command.listed]
    missing = [
        w for name in listed for w in (words.word("zh", name), words.word("en", name)) if w not in written
    ]
    assert missing == []


@pytest.mark.parametrize("language", README)
def test_every_setting_of_a_group_stands_in_the_table(language: str) -> None:
    words, written = Words.load(), in_tables(README[language])
    assert [
        w for name in Settings.model_fields if (w := words.setting_word(language, name)) not in written
    ] == []


@pytest.mark.parametrize("language", README)
def test_the_readme_begins_with_the_two_commands(language: str) -> None:
    lines = [line for line in shell_lines(README[language]) if line.startswith("make ")]
    assert lines[:2] == TWO_COMMANDS


def test_continuous_integration_runs_the_readme_test_command() -> None:
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & stat.S_IXUSR
    lines = script.read_text(encoding="utf-8").splitlines()
    assert [line.strip() for line in lines if line.strip().startswith("make")] == [TWO_COMMANDS[1]]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_relative_link_and_picture_leads_somewhere(document: Path) -> None:
    targets = [str(token.attrGet("href") or token.attrGet("src") or "") for token in tokens(document)]
    local = [t for t in targets if t and not urlsplit(t).scheme and not t.startswith("#")]
    assert [t for t in local if not (document.parent / unquote(urlsplit(t).path)).exists()] == []


def test_the_example_file_has_every_setting_and_no_other() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"^#(XUEBAN_\w+)=", text, re.MULTILINE)) == {
        variable(n) for n in Config.model_fields
    }
    assert re.findall(r"^[^#\n]", text, re.MULTILINE) == []


def test_make_help_lists_every_target() -> None:
    told = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in ("run", "test", "check", "golden", "bench", "help", "clean"):
        assert f"make {target} " in told


def test_every_makefile_command_named_in_a_document_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    named = {
        (d.name, m) for d in DOCUMENTS for m in re.findall(r"`make ([a-z]+)", d.read_text(encoding="utf-8"))
    }
    assert [one for one in named if one[1] not in targets] == []
