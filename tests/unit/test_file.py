"""Names and sizes of files, as they can be shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.file import NAME_CHARS, document_name, file_name, shown_size


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("题库.xlsx", "题库.xlsx"),
        ("C:\\Users\\李四\\题库.xlsx", "题库.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("两\n行\x00.csv", "两 行.csv"),
        ('a"b<c>.txt', "a_b_c_.txt"),
        ("..", "file"),
        ("", "file"),
        (".bashrc", "bashrc"),
    ],
)
def test_a_name_is_what_can_be_shown_of_it(written: str, shown: str) -> None:
    assert file_name(written) == shown


def test_a_long_name_keeps_what_kind_of_file_it_is() -> None:
    assert file_name("题" * 300 + ".xlsx") == "题" * (NAME_CHARS - 6) + "…" + ".xlsx"
    assert file_name("题" * 300) == "题" * (NAME_CHARS - 1) + "…"
    assert file_name("a." + "b" * 300) == ("a." + "b" * 300)[: NAME_CHARS - 1] + "…"


@given(st.text())
def test_whatever_a_file_is_called_its_name_is_one_short_line(written: str) -> None:
    name = file_name(written)
    assert 0 < len(name) <= NAME_CHARS
    assert name.isprintable() or " " in name or not name.isascii()
    assert not set('\\/:*?"<>|\n\r\0') & set(name)


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        (0, "1 KB"),
        (1025, "2 KB"),
        (1024 * 1024, "1 MB"),
        (1024 * 1024 + 1, "1.1 MB"),
        (5 * 1024 * 1024, "5 MB"),
    ],
)
def test_a_size_is_rounded_up(size: int, shown: str) -> None:
    assert shown_size(size) == shown


@pytest.mark.parametrize(
    ("written", "named"), [("../春联.docx", "春联.docx"), ("春联", "春联.bin"), ("", "file.bin")]
)
def test_a_document_is_handed_out_under_a_name_with_an_ending(written: str, named: str) -> None:
    assert document_name(written) == named
