"""The words of commands: in both languages, in every script, and none with two meanings."""

from __future__ import annotations

from pathlib import Path

import pytest

from content.words import Words
from domain.wording import read
from handlers import COMMANDS
from handlers.settings import BY_NAME

WORDS = Words.load()


@pytest.mark.parametrize(
    ("written", "command"),
    [
        ("打卡", "checkin"), ("/checkin", "checkin"), ("ＣＨＥＣＫＩＮ", "checkin"), ("請假", "leave"), ("補卡", "makeup"),
        ("設置", "settings"), ("設定", None), ("我的數據", "mydata"), ("幫助", "help"), ("統計", "stats"),
        ("今日", "today"), ("Me", "me"), ("吃饭", None),
    ],
)  # fmt: skip
def test_a_command_is_known_in_every_script_width_and_case(written: str, command: str | None) -> None:
    reading = read(written)
    assert reading and WORDS.command(reading.word) == command


@pytest.mark.parametrize(
    ("written", "setting"),
    [
        ("推送", "push_at"),
        (" 推送 ", "push_at"),
        ("ＰＵＳＨ", "push_at"),
        ("時區", "timezone"),
        ("天气", None),
    ],
)
def test_a_setting_is_known_by_its_words(written: str, setting: str | None) -> None:
    assert WORDS.setting(written) == setting


def test_every_command_and_no_other_has_words_in_both_languages() -> None:
    assert set(WORDS.commands) == {command.name for command in COMMANDS}
    for name in WORDS.commands:
        for language in ("zh", "en"):
            word = WORDS.word(language, name)
            reading = read(word)
            assert reading and not reading.rest and WORDS.command(reading.word) == name


def test_every_setting_has_words_in_both_languages() -> None:
    for name in BY_NAME:
        for language in ("zh", "en"):
            assert WORDS.setting(WORDS.setting_word(language, name)) == name


def test_every_word_in_the_file_leads_to_its_command() -> None:
    for word in WORDS.all_words():
        reading = read(word)
        assert reading and WORDS.command(reading.word) in WORDS.commands, word


def test_a_word_that_means_two_things_is_refused() -> None:
    with pytest.raises(ValueError, match="'打卡' means both checkin and studied"):
        Words({"checkin": {"zh": ["打卡"]}, "studied": {"zh": ["打卡"]}}, {})


def test_words_that_only_meet_in_another_script_are_refused_too() -> None:
    with pytest.raises(ValueError, match="'補卡' means both"):
        Words({"makeup": {"zh": ["补卡"]}, "other": {"zh": ["補卡"]}}, {})


def test_words_can_be_read_from_another_file(tmp_path: Path) -> None:
    path = tmp_path / "words.yaml"
    path.write_text("commands: {checkin: {zh: [报到]}}\nsettings: {pack: {zh: [教材]}}\n", encoding="utf-8")
    words = Words.load(path)
    assert (words.command("報到"), words.setting("教材")) == ("checkin", "pack")
