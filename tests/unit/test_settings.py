"""Settings: their defaults, and what an operator hears of a wrong one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.settings import PREFIX, BadSettings, Config, load, strangers, variable
from content.texts import Texts

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
Read = Callable[..., Config]


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in Config.model_fields:
        monkeypatch.delenv(variable(field), raising=False)


@pytest.fixture
def env_file(tmp_path: Path) -> Path:
    return tmp_path / ".env"


@pytest.fixture
def read(env_file: Path) -> Read:
    def read(**values: str) -> Config:
        lines = [f"{variable(name)}={value}" for name, value in values.items()]
        env_file.write_text("\n".join(lines), encoding="utf-8")
        return load(env_file)

    return read


def faults_of(read: Read, **values: str) -> list[str]:
    with pytest.raises(BadSettings) as wrong:
        read(**values)
    texts = Texts.load()
    return [texts.say("en", fault) for fault in wrong.value.faults]


def test_with_nothing_configured_it_is_a_demonstration_on_sqlite_at_port_8000(read: Read) -> None:
    config = read()
    assert config.demonstration
    assert config.database == "sqlite:///data/demo.db"
    assert config.site == "http://127.0.0.1:8000"
    assert config.media_dir == Path("data/media")
    assert (config.language, config.log_level, config.log_json) == ("zh", "info", None)


def test_the_database_moves_with_the_data_folder(read: Read) -> None:
    assert read(data_dir="/srv/xueban").database == "sqlite:////srv/xueban/demo.db"
    assert read(data_dir="/srv/学 伴?%20").database == "sqlite:////srv/%E5%AD%A6%20%E4%BC%B4%3F%2520/demo.db"
    assert read(database_url="postgresql://db/xueban").database == "postgresql://db/xueban"


def test_with_a_token_real_groups_are_served(read: Read) -> None:
    config = read(telegram_token=TOKEN)
    assert not config.demonstration
    assert config.telegram_token is not None
    assert config.telegram_token.get_secret_value() == TOKEN
    assert TOKEN not in repr(config) + str(config.model_dump())


def test_a_demonstration_can_be_turned_off_without_a_platform(read: Read) -> None:
    assert not read(demo="false").demonstration


def test_an_empty_value_is_as_good_as_none(read: Read) -> None:
    assert read(telegram_token="", http_port="", demo="").demonstration


def test_the_environment_goes_before_the_file(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XUEBAN_HTTP_PORT", "9000")
    assert read(http_port="8001").http_port == 9000


def test_the_site_is_where_people_reach_it(read: Read) -> None:
    assert read(public_url="https://xueban.example.org/").site == "https://xueban.example.org"
    assert read(http_host="0.0.0.0", http_port="80").site == "http://127.0.0.1:80"
    assert read(http_host="::1").site == "http://[::1]:8000"


def test_words_are_taken_in_any_case(read: Read) -> None:
    config = read(log_level=" WARNING ", language="EN", log_json="True")
    assert (config.log_level, config.language, config.log_json) == ("warning", "en", True)


def test_every_fault_is_told_at_once_with_its_variable(read: Read) -> None:
    told = faults_of(read, http_port="eighty", language="fr", log_json="perhaps", database_url="mysql://x")
    assert told == [
        "XUEBAN_DATABASE_URL should look like sqlite:///data/xueban.db or postgresql://user:password@host/name.",
        "XUEBAN_HTTP_PORT should be a whole number.",
        "XUEBAN_LOG_JSON should be true or false.",
        "XUEBAN_LANGUAGE can only be one of: zh, en.",
    ]


@pytest.mark.parametrize("port", ["-1", "65536", "99999999999999999999"])
def test_a_port_outside_the_range_is_told(read: Read, port: str) -> None:
    assert faults_of(read, http_port=port) == [
        "XUEBAN_HTTP_PORT should be a port between 0 and 65535, for example 8000."
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("telegram_token", "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"),
        ("telegram_token", "123456789:geheim mit Lücke"),
        ("telegram_webhook_secret", "geheim!"),
        ("public_url", "https://zhang:geheim@example.org"),
        ("telegram_api_url", "ftp://geheim.example.org"),
        ("telegram_api_url", "http://[geheim"),
        ("database_url", "geheim://zhang:geheim@db/xueban"),
        ("database_url", "sqlite:///"),
        ("database_url", "sqlite:///:memory:"),
    ],
)
def test_a_wrong_value_is_never_repeated(read: Read, name: str, value: str) -> None:
    (told,) = faults_of(read, **{name: value})
    assert told.startswith(variable(name))
    assert "geheim" not in told and "AAHdq" not in told


def test_a_webhook_needs_a_token_a_secret_and_https(read: Read) -> None:
    url, secret = "https://xueban.example.org", "s3cret"
    (told,) = faults_of(read, telegram_webhook_url=url, telegram_webhook_secret=secret)
    assert "XUEBAN_TELEGRAM_TOKEN" in told
    (told,) = faults_of(read, telegram_webhook_url=url, telegram_token=TOKEN)
    assert "XUEBAN_TELEGRAM_WEBHOOK_SECRET" in told
    plain = {"telegram_webhook_url": "http://127.0.0.1:9", "telegram_webhook_secret": secret}
    (told,) = faults_of(read, telegram_token=TOKEN, **plain)
    assert "https" in told
    assert read(telegram_token=TOKEN, telegram_api_url="http://127.0.0.1:8081", **plain).telegram_webhook_url


def test_a_demonstration_cannot_serve_real_groups(read: Read) -> None:
    (told,) = faults_of(read, demo="true", telegram_token=TOKEN)
    assert "XUEBAN_DEMO" in told


def test_a_file_in_another_encoding_is_told(env_file: Path) -> None:
    env_file.write_bytes("XUEBAN_DATA_DIR=数据".encode("gb18030"))
    with pytest.raises(BadSettings) as wrong:
        load(env_file)
    assert "UTF-8" in Texts.load().say("zh", wrong.value.faults[0])


def test_a_misspelt_variable_is_noticed_with_the_one_meant(
    env_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    env_file.write_text("XUEBAN_TELEGRAM_TOKE=1\nXUEBAN_HTTP_PORT=1\nPATH=x\n", encoding="utf-8")
    monkeypatch.setenv("XUEBAN_WHATEVER", "1")
    odd = strangers(env_file)
    assert ("XUEBAN_TELEGRAM_TOKE", "XUEBAN_TELEGRAM_TOKEN") in odd
    assert ("XUEBAN_WHATEVER", "") in odd
    assert all(name.startswith(PREFIX) and name != "XUEBAN_HTTP_PORT" for name, _ in odd)


def test_without_a_file_only_the_environment_is_read(tmp_path: Path) -> None:
    assert load(tmp_path / "none").http_port == 8000
    assert load(None).http_port == 8000
    assert strangers(None) == strangers(tmp_path / "none")


def test_a_real_installation_and_a_demonstration_never_share_a_file(read: Read) -> None:
    assert read(telegram_token="123456:ABC-def").database == "sqlite:///data/xueban.db"
    assert read(demo="false").database == "sqlite:///data/xueban.db"
