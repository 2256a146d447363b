"""Films and sounds as people send them: what tells where and with what they were made is blotted out, and what plays stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content import matroska
from content.films import ending, film_type, sound_type, without_place
from content.pictures import MOST_BYTES, NotKept, keep_file
from tests.transcripts.sample_photos import photo

EBML = bytes.fromhex("1a45dfa3")
SEGMENT, INFO, TRACKS, TRACK = (bytes.fromhex(id) for id in ("18538067", "1549a966", "1654ae6b", "ae"))
CLUSTER, BLOCK, TAGS = (bytes.fromhex(id) for id in ("1f43b675", "a3", "1254c367"))
TITLE, DATE, MUXER, NAME, CODEC = (bytes.fromhex(id) for id in ("7ba9", "4461", "4d80", "536e", "86"))
HEAD = EBML + b"\x87" + bytes.fromhex("428284") + b"webm"
UNKNOWN = b"\x01" + b"\xff" * 7


def element(id: bytes, *content: bytes, wide: bool = False) -> bytes:
    body = b"".join(content)
    size = (1 << 56 | len(body)).to_bytes(8, "big") if wide or len(body) > 126 else bytes((0x80 | len(body),))
    return id + size + body


INFORMED = element(
    INFO,
    element(TITLE, "柳林社区 39.9N 116.4E".encode()),
    element(DATE, b"12345678"),
    element(MUXER, b"Phone 7"),
)
TRACKED = element(TRACKS, element(TRACK, element(NAME, b"my kitchen"), element(CODEC, b"V_VP8")))
FRAMES = element(CLUSTER, element(BLOCK, b"first"), wide=True)
TAGGED = element(TAGS, b"LOCATION +39.9+116.4", b"x" * 300)


def film(*, live: bool) -> bytes:
    cluster = CLUSTER + UNKNOWN + element(BLOCK, b"first") + element(BLOCK, b"second") if live else FRAMES
    content = INFORMED + TRACKED + cluster + TAGGED + FRAMES
    return HEAD + (SEGMENT + UNKNOWN + content if live else element(SEGMENT, content))


@pytest.mark.parametrize("live", [False, True])
def test_a_webm_film_keeps_its_frames_in_their_places_and_nothing_else_it_says(live: bool) -> None:
    sent = film(live=live)
    kept = without_place(sent)
    assert len(kept) == len(sent) and film_type(kept) == "video/webm"
    for told in ("柳林社区".encode(), b"12345678", b"Phone 7", b"my kitchen", b"LOCATION", b"xxx"):
        assert told in sent and told not in kept
    for needed in (b"V_VP8", b"first", FRAMES, element(MUXER, b" " * 7)):
        assert kept.find(needed) == sent.find(needed.replace(b" " * 7, b"Phone 7"))
    assert without_place(kept) == kept


def test_what_is_blotted_out_is_an_element_of_the_same_length() -> None:
    for length in (2, 3, 128, 129, 130, 40_000):
        void = matroska._void(length)
        assert len(void) == length
        [(kind, start, body, stop)] = matroska._elements(void, 2)
        assert (kind, start, stop) == (b"\xec", 0, length) and not any(void[body:])


def test_from_where_a_film_cannot_be_read_nothing_of_it_is_kept() -> None:
    whole = HEAD + SEGMENT + UNKNOWN + FRAMES
    for odd in (b"\0", b"\x08\x81?", TAGS + UNKNOWN + b"LOCATION", BLOCK + b"\0"):
        assert without_place(whole + odd + TAGGED) == whole
    cut = whole + TAGGED[:50]
    assert len(without_place(cut)) == len(cut) and b"LOCATION" not in without_place(cut)


def test_a_film_of_endless_elements_is_cut() -> None:
    endless = HEAD + element(BLOCK) * 50
    assert matroska.without_tags(endless, 10) == endless[: len(HEAD) + 9 * len(element(BLOCK))]


@given(st.binary(max_size=400))
def test_whatever_follows_does_no_harm(rest: bytes) -> None:
    assert (HEAD + rest).startswith(without_place(HEAD + rest)[: len(HEAD)])


@pytest.mark.parametrize(
    ("content", "kind", "named"),
    [
        (b"OggS\0", "audio/ogg", "ogg"),
        (b"ID3\3", "audio/mpeg", "mp3"),
        (b"\xff\xfb\x90", "audio/mpeg", "mp3"),
        (b"fLaC", "audio/flac", "flac"),
        (b"RIFF\0\0\0\0WAVE", "audio/wav", "wav"),
        (b"\0\0\0\x0cftypM4A ", "audio/mp4", "m4a"),
        (b"\0\0\0\x0cftypisom", None, "mp4"),
        (b"\0\0\0\x0cftypqt  ", None, "mov"),
        (HEAD, None, "webm"),
        (b"\xff\xd8\xff", None, "jpg"),
    ],
)
def test_a_sound_is_known_by_what_is_in_it(content: bytes, kind: str | None, named: str) -> None:
    assert sound_type(content) == kind
    assert ending(content) == named


def test_where_anything_may_be_sent_each_is_kept_as_what_it_is() -> None:
    assert keep_file(photo(0.3)).kind == "photo"
    assert keep_file(HEAD).kind == "video"
    for content in (b"OggS\0", b"\0\0\0\x0cftypM4A "):
        assert (keep_file(content).kind, keep_file(content).content) == ("audio", content)
    for content in (b"PK\3\4", b"<svg onload='alert(1)'/>", "春联".encode()):
        kept = keep_file(content)
        assert (kept.kind, kept.content, kept.small, kept.print) == ("document", content, b"", "")


def test_a_recording_does_not_say_where_it_was_made() -> None:
    place = b"\0\0\0\x14udta\0\0\0\x0c\xa9xyz39.9"
    sent = b"\0\0\0\x0cftypM4A " + (8 + len(place)).to_bytes(4, "big") + b"moov" + place
    assert b"39.9" not in keep_file(sent).content


@pytest.mark.parametrize(
    ("content", "wrong"),
    [(b"", "broken"), (bytes(MOST_BYTES + 1), "too_big"), (photo(0.3)[:900], "broken")],
)
def test_an_empty_file_one_too_large_and_half_a_photo_are_not_kept(content: bytes, wrong: str) -> None:
    with pytest.raises(NotKept) as told:
        keep_file(content)
    assert told.value.wrong == wrong
