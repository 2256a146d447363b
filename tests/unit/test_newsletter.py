"""The best reflections first, with reasons that hold; and photos in rows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from domain.composite import Parts
from domain.cycle_report import Counts, Deed, counted
from domain.newsletter import NARROWEST, WIDEST, Candidate, Photo, photo_rows, ranked, written_in


def piece(
    number: int, mark: float | None = None, reviews: int = 0, chars: int = 200, photos: int = 1
) -> Candidate:
    return Candidate(number, number, number, "李四", chars, photos, reviews, mark)


def numbers(*pieces: Candidate) -> list[int]:
    return [one.number for one in ranked(pieces)]


def test_the_best_marks_stand_first_and_what_nobody_reviewed_last() -> None:
    assert numbers(piece(1), piece(2, 3.0, 2), piece(3, 4.5, 2)) == [3, 2, 1]


def test_one_full_mark_does_not_beat_five_that_are_nearly_full() -> None:
    assert numbers(piece(1, 5.0, 1), piece(2, 4.8, 5), piece(3, 3.0, 4)) == [2, 1, 3]


def test_of_equal_ones_length_photos_and_the_earlier_one_count() -> None:
    assert numbers(piece(1), piece(2, chars=300), piece(3, photos=3)) == [2, 3, 1]
    assert numbers(piece(2), piece(1)) == [1, 2]
    assert ranked([]) == []


@given(st.lists(st.builds(Photo, st.just("a"), st.integers(0, 9000), st.integers(0, 9000)), max_size=20))
def test_rows_hold_every_photo_once_in_order_and_none_is_left_alone(photos: list[Photo]) -> None:
    rows = photo_rows(photos)
    assert [photo for row in rows for photo in row] == photos
    assert all(len(row) <= 3 for row in rows)
    assert len(photos) < 2 or all(len(row) > 1 for row in rows)
    assert all(NARROWEST <= photo.ratio <= WIDEST for photo in photos)


def test_what_an_activity_did_not_have_is_not_counted() -> None:
    deeds = [
        Deed(
            1,
            "李四",
            signed_up=True,
            attended=True,
            spoke=True,
            answered=2,
            asked=1,
            works=1,
            handed_in=1,
            reviewed=2,
        ),
        Deed(2, "王五", parts=Parts()),
    ]
    assert counted(deeds, frozenset({"evaluation"}), 1) == Counts(2, feedback=1)
    everything = counted(
        deeds, frozenset({"seminar", "preview", "live", "reflection", "review", "evaluation"}), 2
    )
    assert everything == Counts(2, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2)
    assert everything.rate(1) == 50 and Counts(0).rate(0) == 0


def test_the_language_of_what_was_written_shows_by_its_letters() -> None:
    assert written_in("我们读了 The Old Man and the Sea，很受触动，大家都说好") == "zh"
    assert written_in("We read 老人与海 with them for an hour, and nobody wanted to stop.") == "en"
    assert written_in("𠮷") == written_in("") == written_in("12、34") == "zh"
