"""The texts: both languages complete, every key used and none unused, and whatever people are called harmless."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from content.texts import FOLDER, Texts, faults, tame
from domain.message import Line, line

ROOT = Path(__file__).parents[2]
FLOORS = ("bot", "content", "domain", "handlers", "scheduler", "storage", "web")
SAYING = frozenset(("line", "Line", "UserError"))
"""What is called with a key first."""
_PAGE = re.compile(r"""\bt\(\s*["'`]([\w.]+)["'`]""")

SMALL = Texts(
    {
        "zh": {
            "hello": "你好，{name}！",
            "sum": "{a}{b}",
            "plain": "好的",
            "list.comma": "、",
            "who": "{people} 已打卡",
        },
        "en": {"hello": "Hello {name}!", "list.comma": ", ", "who": "{people} checked in"},
    }
)


def test_both_languages_have_the_same_keys_and_parameters() -> None:
    assert faults() == []


def test_every_key_that_is_used_exists() -> None:
    known = Texts.load().parameters("zh").keys()
    used = {(key, place) for place, key in _used_keys()}
    assert sorted(f"{place}: {key}" for key, place in used if key not in known) == []


def test_every_beginning_of_a_key_that_is_put_together_has_keys() -> None:
    known = Texts.load().parameters("zh").keys()
    for place, beginning in _said_beginnings():
        assert any(key.startswith(beginning) for key in known), f"{place}: {beginning}…"


def test_no_key_is_unused() -> None:
    words = {word for tree in _trees().values() for word in _constants(tree)}
    words |= {key for _, key in _page_keys()}
    beginnings = tuple({beginning for tree in _trees().values() for beginning in _beginnings(tree)})
    unused = [
        key for key in Texts.load().parameters("zh") if key not in words and not key.startswith(beginnings)
    ]
    assert unused == []


def test_a_line_is_said_in_the_readers_language() -> None:
    assert SMALL.say("zh", line("hello", name="张三")) == "你好，张三！"
    assert SMALL.say("en", line("hello", name="张三")) == "Hello 张三!"
    assert SMALL.say("zh", line("plain")) == "好的"


def test_numbers_lines_and_lists_of_lines_are_parameters_too() -> None:
    people = (line("hello", name="张三"), line("hello", name="李四"))
    assert SMALL.say("zh", line("sum", a=3, b=line("plain"))) == "3好的"
    assert SMALL.say("en", line("who", people=people)) == "Hello 张三!, Hello 李四! checked in"
    assert SMALL.say("zh", line("who", people=())) == " 已打卡"


@pytest.mark.parametrize("name", ["{name}", "{0.__class__}", "{", "}}", "{b}", "%(b)s", "$b"])
def test_a_name_is_never_read_as_a_template(name: str) -> None:
    assert SMALL.say("zh", line("hello", name=name)) == f"你好，{name}！"
    assert SMALL.say("zh", line("sum", a=name, b="李四")) == f"{name}李四"


@pytest.mark.parametrize(
    ("name", "harmless"),
    [
        ("张\u202e三", "张三"),
        ("\u2067李四\u2069", "李四"),
        ("王\x00五\x1b[31m", "王五[31m"),
        ("赵\ud83d六", "赵六"),
        ("两\n行\t字", "两\n行\t字"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("مرحبا", "مرحبا"),
        ("\u00a0é e\u0301", "\u00a0é e\u0301"),
    ],
)
def test_a_name_cannot_disturb_the_words_around_it(name: str, harmless: str) -> None:
    assert tame(name) == harmless
    assert SMALL.say("zh", line("hello", name=name)) == f"你好，{harmless}！"


def test_an_unknown_key_or_a_missing_parameter_is_named() -> None:
    with pytest.raises(KeyError, match=r"no\.such"):
        SMALL.say("zh", line("no.such"))
    with pytest.raises(KeyError, match=r"hello: \{name\}"):
        SMALL.say("zh", line("hello"))


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "zh.yaml").write_text(
        "a:\n  one: 一 {n}\n  two: 二\n  no: 三 {}\n  on: ''\nlist: {comma: 、}\n", "utf-8"
    )
    (tmp_path / "en.yaml").write_text("a:\n  one: one {m}\n  no: three\n  no: four\n  on: five\n", "utf-8")
    assert faults(tmp_path) == [
        "zh: a.no has a brace that is not a plain {name}",
        "zh: a.on is empty",
        "en: a.no is written twice",
        "a.one: parameters differ: zh takes n; en takes m",
        "en: a.two is missing",
        "en: list.comma is missing",
    ]


def test_a_list_among_the_texts_is_refused(tmp_path: Path) -> None:
    for language in ("zh", "en"):
        (tmp_path / f"{language}.yaml").write_text("a:\n  b: [一, 二]\n", "utf-8")
    with pytest.raises(ValueError, match=r"a\.b"):
        Texts.load(tmp_path)


def test_an_empty_file_has_no_texts(tmp_path: Path) -> None:
    for language in ("zh", "en"):
        (tmp_path / f"{language}.yaml").write_text("# nothing yet\n", "utf-8")
    assert Texts.load(tmp_path).parameters("zh") == {}
    assert (FOLDER / "zh.yaml").exists()


def _trees() -> dict[str, ast.Module]:
    files = [path for floor in FLOORS for path in (ROOT / floor).rglob("*.py")]
    return {str(path.relative_to(ROOT)): ast.parse(path.read_text("utf-8")) for path in files}


def _constants(tree: ast.AST) -> Iterator[str]:
    """Every text in the code that could be a key, wherever it stands: tables of keys count as use."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _beginnings(tree: ast.AST) -> Iterator[str]:
    """``month.`` of ``f"month.{n}"``: what keys put together in the code begin with."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            first = node.values[0]
            if isinstance(first, ast.Constant) and re.match(
                r"[a-z][a-z0-9_]*\.[a-z0-9_.]*$", str(first.value)
            ):
                yield str(first.value)


def _first_arguments() -> Iterator[tuple[str, ast.expr]]:
    """(place, first argument) of every call that is given a key."""
    for place, tree in _trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args and _name(node.func) in SAYING:
                yield f"{place}:{node.lineno}", node.args[0]


def _name(called: ast.expr) -> str:
    return called.id if isinstance(called, ast.Name) else ""


def _used_keys() -> Iterator[tuple[str, str]]:
    for place, argument in _first_arguments():
        for node in _outcomes(argument):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield place, node.value
    yield from _page_keys()


def _outcomes(argument: ast.expr) -> Iterator[ast.expr]:
    """Both ``"a.b"`` and ``"a.c"`` of ``"a.b" if x else "a.c"``."""
    if isinstance(argument, ast.IfExp):
        yield from _outcomes(argument.body)
        yield from _outcomes(argument.orelse)
    else:
        yield argument


def _said_beginnings() -> Iterator[tuple[str, str]]:
    for place, argument in _first_arguments():
        for node in _outcomes(argument):
            for beginning in _beginnings(node):
                yield place, beginning


def _page_keys() -> Iterator[tuple[str, str]]:
    """Keys in pages and scripts: ``t("web.send")``."""
    for pattern in ("templates/**/*.html", "static/**/*.js"):
        for path in (ROOT / "web").glob(pattern):
            for key in _PAGE.findall(path.read_text("utf-8")):
                yield str(path.relative_to(ROOT)), key if "." in key else f"web.{key}"


def test_a_line_and_its_key_are_found_where_they_are_used() -> None:
    tree = ast.parse('line("a.b" if x else f"c.{n}"); TABLE = {"d.e": 1}; f"see {n}.html"')
    assert {"a.b", "d.e"} <= set(_constants(tree))
    assert set(_beginnings(tree)) == {"c."}
    assert Line("a.b") == line("a.b")
