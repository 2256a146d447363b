"""The pictures, sounds and films of a pack: what may be one, and where a loaded one is kept."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from content.faults import Faults, quoted
from content.web_address import is_web_address
from content.written import inside, is_file
from domain.pack import Item, Pack

_MB = 1024 * 1024
# What every platform shows as what it is. Telegram's sendPhoto, sendAudio and sendVideo take these types:
# https://core.telegram.org/bots/api#sendphoto (10 MB), #sendaudio (.mp3, .m4a), #sendvideo (MPEG4).
SUFFIXES: Mapping[str, tuple[str, ...]] = {
    "picture": (".jpg", ".jpeg", ".png", ".webp"),
    "audio": (".mp3", ".m4a"),
    "video": (".mp4",),
}
MAX_MEDIA_BYTES = 20 * _MB
"""What a member on a telephone still waits for."""
MAX_PICTURE_BYTES = 10 * _MB


def is_stored_elsewhere(media: str) -> bool:
    return "://" in media


def check_media(folder: Path | None, media: str, kind: str, at: int, faults: Faults) -> None:
    """``media`` is a file of the folder, if there is one, or an https address; ``at`` is the line that names it."""
    if is_stored_elsewhere(media):
        if not is_web_address(media, ("https",)):
            faults.add(at, "pack.bad_media_link", link=quoted(media))
        return
    if folder is None:
        faults.add(at, "pack.media_alone", path=quoted(media))
        return
    path = inside(folder, media)
    if path is None:
        faults.add(at, "pack.outside", path=quoted(media))
    elif path.suffix.lower() not in SUFFIXES[kind]:
        faults.add(at, "pack.media_type", path=quoted(media), kind=kind, suffixes=" ".join(SUFFIXES[kind]))
    elif not is_file(path):
        faults.add(at, "pack.media_missing", path=quoted(media))
    else:
        _check_size(path, media, kind, at, faults)


def _check_size(path: Path, media: str, kind: str, at: int, faults: Faults) -> None:
    most = MAX_PICTURE_BYTES if kind == "picture" else MAX_MEDIA_BYTES
    size = path.stat().st_size
    if size == 0:
        faults.add(at, "pack.media_empty", path=quoted(media))
    elif size > most:
        faults.add(at, "pack.media_too_large", path=quoted(media), size=-(-size // _MB), most=most // _MB)


def store_media(pack: Pack, folder_from: Path, media_folder: Path) -> Pack:
    """Copy the pack's own files to ``media_folder``, named after their content; the pack with those names.

    The same files again copy nothing; a file that changed gets a new name, so what was shown before stays.
    """
    media_folder.mkdir(parents=True, exist_ok=True)
    return replace(pack, items=tuple(_stored(item, folder_from, media_folder) for item in pack.items))


def _stored(item: Item, folder_from: Path, media_folder: Path) -> Item:
    if item.media is None or is_stored_elsewhere(item.media):
        return item
    source = inside(folder_from, item.media)
    if source is None:
        raise ValueError(f"{item.media!r} is not in the pack's folder")
    return item.model_copy(update={"media": _keep(source, media_folder)})


def _keep(source: Path, media_folder: Path) -> str:
    content = source.read_bytes()
    name = hashlib.sha256(content).hexdigest()[:32] + source.suffix.lower()
    if not (media_folder / name).is_file():
        _write_whole(media_folder / name, content)
    return name


def _write_whole(path: Path, content: bytes) -> None:
    """Under another name first: nobody ever sees half a file, even after a power cut."""
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).chmod(0o644)
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
