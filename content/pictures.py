"""From a photo as it was sent to the one that is kept: upright, as large as a page shows it, and silent about where it was taken."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from io import BytesIO
from threading import Lock
from typing import Any, Final, Literal

from content.films import film_type, sound_type, without_place
from content.prints import photo_print

MOST_BYTES: Final = 20 * 1024 * 1024
"""What Telegram lets a bot fetch: https://core.telegram.org/bots/api#getfile."""
MOST_PIXELS: Final = 100_000_000
SIDE: Final = 1600
SMALL_SIDE: Final = 400
_QUALITY, _SMALL_QUALITY = 80, 75
_LOADERS = ("Jpeg", "Png", "Webp", "Nsgif", "Tiff", "Heif")
_HEIC = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")

_MAKING_READY = Lock()

Wrong = Literal["too_big", "too_many_pixels", "no_picture", "broken"]


class NotKept(Exception):
    """The file will never be a picture, however often one tries."""

    def __init__(self, wrong: Wrong) -> None:
        super().__init__(wrong)
        self.wrong = wrong


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a file. ``small`` is a photo's thumbnail; ``print`` finds the photo again (`content.prints`), "" for none."""

    kind: Literal["photo", "video", "audio", "document"]
    content: bytes
    small: bytes = b""
    width: int = 0
    height: int = 0
    print: str = ""


def develop(content: bytes) -> Kept:
    """For a worker thread: it takes a tenth of a second and more. Raises `NotKept`."""
    if len(content) > MOST_BYTES:
        raise NotKept("too_big")
    if film_type(content):
        return Kept("video", without_place(content))
    if not is_picture(content):
        raise NotKept("no_picture")
    vips = darkroom()
    try:
        return _developed(vips, content)
    except (vips.Error, ValueError, OSError, EOFError, SyntaxError) as fault:
        raise NotKept("broken") from fault


def keep_file(content: bytes) -> Kept:
    """Where anything may be sent: photos and films as `develop` makes them, sounds without their user data, the rest untouched.

    Raises `NotKept`.
    """
    if len(content) > MOST_BYTES:
        raise NotKept("too_big")
    if not content:
        raise NotKept("broken")
    if sound_type(content):
        return Kept("audio", without_place(content) if content[4:8] == b"ftyp" else content)
    if film_type(content) or is_picture(content):
        return develop(content)
    return Kept("document", content)


def is_picture(content: bytes) -> bool:
    """By its first bytes: JPEG, PNG, GIF, WebP, TIFF, HEIC, AVIF. Never by its name, and nothing that is a program or a page."""
    return (
        content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*"))
        or (content[:4] == b"RIFF" and content[8:12] == b"WEBP")
        or (content[4:8] == b"ftyp" and content[8:12] in (*_HEIC, b"avif", b"avis"))
    )


def darkroom() -> Any:
    """libvips, with every format it could read blocked but those above. Raises OSError or ImportError where it cannot be loaded.

    Made ready once: while it is, every format is blocked, and a photo being developed beside it would be taken for broken.
    """
    with _MAKING_READY:
        return _made_ready()


@cache
def _made_ready() -> Any:
    import pillow_heif  # noqa: F401 -- what cannot be loaded is told before a photo needs it
    import pyvips

    pyvips.cache_set_max(0)  # it would keep what it has made, and nothing is made twice
    pyvips.concurrency_set(1)  # a photo a core: several are developed beside each other
    pyvips.operation_block_set("VipsForeignLoad", True)
    for loader in _LOADERS:
        pyvips.operation_block_set(f"VipsForeignLoad{loader}", False)
    return pyvips


def _developed(vips: Any, content: bytes) -> Kept:
    shown = _upright(vips, content)
    kept = shown.jpegsave_buffer(Q=_QUALITY, keep="none")
    small = shown.thumbnail_image(SMALL_SIDE, height=SMALL_SIDE, size="down")
    return Kept(
        "photo",
        kept,
        small.jpegsave_buffer(Q=_SMALL_QUALITY, keep="none"),
        shown.width,
        shown.height,
        photo_print(kept),
    )


def _upright(vips: Any, content: bytes) -> Any:
    """In memory, eight bits of sRGB a channel, no longer than `SIDE`. Only the first picture of several is looked at."""
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC:
        image = _heic(vips, content)
        image = image.thumbnail_image(SIDE, height=SIDE, size="down", no_rotate=True)
    else:
        head = vips.Image.new_from_buffer(content, "", access="sequential")
        _check_size(head.width, head.height)
        image = vips.Image.thumbnail_buffer(
            content, SIDE, height=SIDE, size="down", option_string="[fail_on=error]"
        )
    if image.hasalpha():
        image = image.flatten(background=[255 * _scale(image)] * (image.bands - 1))
    return _in_srgb(image).copy_memory()


def _check_size(width: int, height: int) -> None:
    """Before a single pixel is unpacked: few bytes may claim to be a wall of them."""
    if width * height > MOST_PIXELS:
        raise NotKept("too_many_pixels")


def _scale(image: Any) -> int:
    return 257 if image.format == "ushort" else 1


def _in_srgb(image: Any) -> Any:
    """Phones photograph in wider colours, printers in inks."""
    if image.get_typeof("icc-profile-data"):
        try:
            return image.icc_transform("srgb", embedded=True, intent="relative").copy_memory()
        except Exception:  # a profile that is broken or of other channels: the picture is still one
            image = image.copy()
            image.remove("icc-profile-data")
    if image.interpretation == "cmyk":
        return image.icc_transform("srgb", input_profile="cmyk", intent="relative")
    image = image.colourspace("srgb")
    return image.extract_band(0, n=3) if image.bands > 3 else image


def _heic(vips: Any, content: bytes) -> Any:
    """iPhones' own format, which libvips' wheel leaves out. It comes out upright."""
    import pillow_heif

    opened = pillow_heif.open_heif(BytesIO(content))
    _check_size(*opened.size)
    shown = opened.to_pillow()
    profile = shown.info.get("icc_profile")
    shown = shown.convert("RGBA" if "A" in shown.mode else "RGB")
    bands = len(shown.getbands())
    image = vips.Image.new_from_memory(shown.tobytes(), *shown.size, bands, "uchar").copy(
        interpretation="srgb"
    )
    if profile:
        image.set_type(vips.GValue.blob_type, "icc-profile-data", profile)
    return image
