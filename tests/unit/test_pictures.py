"""What is kept of a photo: upright, small, in plain colours, and silent about where it was taken."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

import pillow_heif
import pytest
from PIL import Image, ImageCms

from content.films import film_type, without_place
from content.pictures import MOST_BYTES, SIDE, SMALL_SIDE, NotKept, develop

ORIENTATION, MAKER, GPS = 0x0112, 0x010F, 0x8825
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def drawn(mode: str = "RGB", size: tuple[int, int] = (600, 400)) -> Image.Image:
    """Its left upper corner is red, the rest has something in it."""
    image = Image.effect_mandelbrot(size, (-2, -1.2, 1, 1.2), 60).convert("RGB")
    image.paste((250, 10, 10), (0, 0, size[0] // 4, size[1] // 4))
    return image.convert(mode)


def saved(image: Image.Image, kind: str, **more: Any) -> bytes:
    out = BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def talkative(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[MAKER] = "SecretMaker"
    place = exif.get_ifd(GPS)
    place[1], place[2], place[3], place[4] = "N", (39.0, 54.0, 26.0), "E", (116.0, 23.0, 29.0)
    return exif


def opened(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


def is_red(image: Image.Image, x: int, y: int) -> bool:
    red, green, blue = image.getpixel((x, y))  # type: ignore[misc]
    return bool(red > 180 and green < 90 and blue < 90)


def heic(image: Image.Image) -> bytes:
    return saved_heif(pillow_heif.from_pillow(image))


def saved_heif(file: Any) -> bytes:
    out = BytesIO()
    file.save(out, quality=80)
    return out.getvalue()


MAKES: dict[str, Callable[[], bytes]] = {
    "jpeg": lambda: saved(drawn(), "JPEG"),
    "jpeg with a profile": lambda: saved(drawn(), "JPEG", icc_profile=SRGB),
    "jpeg with a broken profile": lambda: saved(drawn(), "JPEG", icc_profile=b"nonsense" * 30),
    "jpeg in inks": lambda: saved(drawn("CMYK"), "JPEG"),
    "jpeg in inks with the wrong profile": lambda: saved(drawn("CMYK"), "JPEG", icc_profile=SRGB),
    "png": lambda: saved(drawn(), "PNG"),
    "png with alpha": lambda: saved(drawn("RGBA"), "PNG"),
    "png with a palette": lambda: saved(drawn("P"), "PNG"),
    "webp": lambda: saved(drawn(), "WEBP"),
    "webp that moves": lambda: saved(drawn(), "WEBP", save_all=True, append_images=[Image.new("RGB", (600, 400))]),
    "gif that moves": lambda: saved(drawn("P"), "GIF", save_all=True, append_images=[Image.new("P", (600, 400))]),
    "tiff": lambda: saved(drawn(), "TIFF"),
    "heic": lambda: heic(drawn()),
    "heic with alpha": lambda: heic(drawn("RGBA")),
    "avif": lambda: saved(drawn(), "AVIF"),
}  # fmt: skip


@pytest.mark.parametrize("make", MAKES)
def test_what_people_send_is_kept_as_a_jpeg_of_plain_colours(make: str) -> None:
    kept = develop(MAKES[make]())
    photo, small = opened(kept.content), opened(kept.small)
    assert (kept.kind, photo.format, photo.mode, photo.size) == ("photo", "JPEG", "RGB", (600, 400))
    assert (kept.width, kept.height) == photo.size and max(small.size) == SMALL_SIDE
    assert is_red(photo, 20, 20) and not is_red(photo, 580, 380) and len(kept.print) == 64
    assert "icc_profile" not in photo.info


@pytest.mark.parametrize("mode", ["L", "1", "LA", "I;16"])
def test_photos_without_colours_are_photos_too(mode: str) -> None:
    grey = drawn("L")
    image = (
        grey.convert("I").point(lambda v: v * 256).convert("I;16") if mode == "I;16" else grey.convert(mode)
    )
    photo = opened(develop(saved(image, "PNG")).content)
    assert (photo.mode, photo.size) == ("RGB", (600, 400))


def test_what_shows_through_is_white() -> None:
    photo = opened(develop(saved(Image.new("RGBA", (50, 50), (0, 0, 0, 0)), "PNG")).content)
    assert photo.getpixel((25, 25)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("orientation", "x", "y"), [(1, 20, 20), (3, 580, 380), (6, 380, 20), (8, 20, 580), (2, 580, 20)]
)
def test_a_photo_is_turned_upright(orientation: int, x: int, y: int) -> None:
    photo = opened(develop(saved(drawn(), "JPEG", exif=talkative(orientation))).content)
    assert photo.size == ((400, 600) if orientation in (6, 8) else (600, 400))
    assert is_red(photo, x, y)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_nothing_tells_where_it_was_taken_or_with_what(kind: str) -> None:
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">SecretPlace</x:xmpmeta>'
    more = {"xmp": xmp} if kind in ("JPEG", "WEBP") else {}
    sent = saved(drawn(), kind, exif=talkative(), **more)
    assert b"SecretMaker" in sent
    kept = develop(sent)
    for content in (kept.content, kept.small):
        assert not opened(content).getexif() and b"Secret" not in content and b"Exif" not in content


def test_a_large_photo_is_made_smaller_and_a_small_one_is_left() -> None:
    kept = develop(saved(drawn(size=(3000, 1500)), "JPEG"))
    assert (kept.width, kept.height) == (SIDE, SIDE // 2)
    kept = develop(saved(drawn(size=(40, 30)), "PNG"))
    assert (kept.width, kept.height) == (40, 30)
    kept = develop(saved(drawn(size=(5000, 3)), "PNG"))
    assert (kept.width, kept.height) == (SIDE, 1)


def bomb() -> bytes:
    head = bytearray(saved(drawn(size=(8, 8)), "PNG"))
    head[16:24] = (20_000).to_bytes(4, "big") * 2
    return bytes(head)


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        (b"", "no_picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no_picture"),
        (b"%PDF-1.7", "no_picture"),
        (b"\xff\xd8\xff<svg xmlns='http://www.w3.org/2000/svg'/>", "broken"),
        (b"\x1aE\xdf\xa3matroska but no webm", "no_picture"),
        (b"\xff\xd8\xff" + bytes(MOST_BYTES), "too_big"),
        (bomb(), "too_many_pixels"),
        *((saved(drawn(), kind)[:4000], "broken") for kind in ("JPEG", "PNG", "WEBP", "TIFF")),
        (heic(drawn())[:3000], "broken"),
    ],
)
def test_what_is_no_picture_or_too_much_is_refused(content: bytes, wrong: str) -> None:
    with pytest.raises(NotKept) as refused:
        develop(content)
    assert refused.value.wrong == wrong


def box(kind: bytes, content: bytes) -> bytes:
    return (8 + len(content)).to_bytes(4, "big") + kind + content


def film(brand: bytes = b"isom") -> bytes:
    track = box(b"trak", box(b"tkhd", b"head") + box(b"udta", b"by somebody"))
    told = box(b"udta", box(b"\xa9xyz", b"+39.9042+116.4074/"))
    moov = box(b"moov", box(b"mvhd", b"head") + track + told + box(b"meta", b"com.apple.quicktime.location"))
    return box(b"ftyp", brand + bytes(4)) + moov + box(b"mdat", b"udta is mere data here")


def test_a_film_is_kept_as_it_is_without_the_place_where_it_was_made() -> None:
    sent = film()
    kept = develop(sent)
    assert (kept.kind, kept.small, kept.print, len(kept.content)) == ("video", b"", "", len(sent))
    assert (
        b"+39.9042" not in kept.content
        and b"location" not in kept.content
        and b"by somebody" not in kept.content
    )
    assert kept.content.endswith(b"udta is mere data here") and kept.content.count(b"free") == 3
    assert develop(kept.content).content == kept.content


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (film(), "video/mp4"),
        (film(b"qt  "), "video/quicktime"),
        (box(b"moov", b""), "video/quicktime"),
        (b"\x1aE\xdf\xa3\x93\x42\x82\x84webm", "video/webm"),
        (b"\x1aE\xdf\xa3\x93\x42\x82\x88matroska", None),
        (film(b"heic"), None),
        (b"text", None),
    ],
)
def test_a_film_is_known_by_what_is_in_it(content: bytes, kind: str | None) -> None:
    assert film_type(content) == kind


@pytest.mark.parametrize(
    "odd",
    [
        box(b"moov", b"\0\0\0\x02udta"),
        box(b"moov", b"\0\0\0\0udta to the end"),
        b"\0\0\0\x01moov" + (24).to_bytes(8, "big") + box(b"udta", b""),
        box(b"moov", box(b"trak", box(b"trak", box(b"trak", box(b"trak", box(b"udta", b"deep")))))),
        b"\xff\xff\xff\xffmoov",
    ],
)
def test_a_film_whose_boxes_make_no_sense_does_no_harm(odd: bytes) -> None:
    assert len(without_place(odd)) == len(odd)


def test_photos_developed_beside_each_other_are_all_kept() -> None:
    """None is taken for broken because another one begins at that moment."""
    photo = saved(drawn(size=(64, 48)), "JPEG")
    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(develop, [photo] * 400))
    assert {one.kind for one in kept} == {"photo"}
