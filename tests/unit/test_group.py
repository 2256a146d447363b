"""A group's settings, and its day."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.group import Chat, Role, Settings

MINUTES = st.integers(0, 24 * 60)
SETTINGS = st.builds(
    Settings,
    language=st.sampled_from(["zh", "en"]),
    timezone=st.sampled_from(["Asia/Shanghai", "UTC", "America/New_York"]),
    push_at=MINUTES,
    remind_at=MINUTES,
    day_end=st.integers(24 * 60, 30 * 60),
    quiet_from=MINUTES,
    quiet_to=MINUTES,
    weekend_off=st.booleans(),
    weekly_minutes=st.integers(0, 10_080),
    makeup_per_month=st.integers(0, 31),
    pack=st.text(max_size=20),
)


@given(SETTINGS)
def test_stored_settings_read_as_they_were(settings: Settings) -> None:
    assert Settings.parse(settings.dump()) == settings


def test_settings_at_their_defaults_take_no_room_and_are_shared() -> None:
    assert Settings().dump() == "{}"
    assert Settings.parse("{}") is Settings.parse("{}")


def test_a_setting_of_another_version_does_no_harm() -> None:
    assert Settings.parse('{"colour": "red", "mention": true}').mention


@pytest.mark.parametrize(
    "wrong",
    [
        {"timezone": "Mars/Olympus"}, {"timezone": ""}, {"push_at": 1441}, {"push_at": -1}, {"day_end": 1439},
        {"day_end": 1801}, {"language": "fr"}, {"weekly_minutes": 10_081}, {"makeup_per_month": 32},
    ],
)  # fmt: skip
def test_a_setting_out_of_range_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Settings.model_validate(wrong)


def test_what_touches_how_voluntary_study_feels_is_off_until_turned_on() -> None:
    settings = Settings()
    assert not settings.mention and not settings.list_missing
    assert settings.weekly_minutes == 90


def test_a_groups_day_and_quiet_hours_are_its_own() -> None:
    midnight = round(datetime(2026, 3, 2, 16, 0, tzinfo=UTC).timestamp() * 1000)
    assert Settings().day(midnight) == date(2026, 3, 3)
    assert Settings(day_end=25 * 60).day(midnight) == date(2026, 3, 2)
    assert Settings(timezone="UTC").day(midnight) == date(2026, 3, 2)
    assert Settings().after_quiet(midnight) == midnight + 7 * 3_600_000
    assert Settings(timezone="UTC").after_quiet(midnight) == midnight


def test_questions_come_from_the_packs_own_bank_unless_another_is_chosen() -> None:
    assert Settings(pack="dangshi").questions == "dangshi"
    assert Settings(pack="dangshi", bank="ours").questions == "ours"


def test_each_role_includes_the_ones_before_it() -> None:
    assert Role.GUEST < Role.MEMBER < Role.SECRETARY < Role.SUPERVISOR < Role.OPERATOR


def test_a_chats_lane_is_its_platform_and_account() -> None:
    assert Chat("telegram", "study_bot", "-1001").lane == "telegram:study_bot"
