"""Pictures, sounds and films on their way to Telegram: uploaded once, then shown by Telegram's id."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from pathlib import Path
from typing import Final

from telegram import InputFile, Message

from domain.message import Media
from domain.outgoing import Refused

REMEMBERED: Final = 256
"""Files whose id is kept; a day's item is one file, sent to every group."""


class Shelf:
    """Finds what a `Media` refers to: a web address, or a file below ``folder`` and nowhere else."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._ids: OrderedDict[Media, str] = OrderedDict()

    async def fetch(self, media: Media) -> str | InputFile:
        """What to hand to a call of PTB. Raises `Refused` where there is no such file."""
        known = self._ids.get(media)
        if known is not None or media.ref.startswith(("http://", "https://")):
            return known or media.ref
        return await asyncio.to_thread(self._read, media.ref)

    def remember(self, media: Media, sent: Message) -> None:
        file = sent.photo[-1] if sent.photo else sent.video or sent.audio or sent.document
        if file is not None:
            self._ids[media] = file.file_id
            self._ids.move_to_end(media)
        if len(self._ids) > REMEMBERED:
            self._ids.popitem(last=False)

    def forget(self, media: Media) -> bool:
        """Whether there was anything to forget."""
        return self._ids.pop(media, None) is not None

    def _read(self, ref: str) -> InputFile:
        path = (self._folder / ref).resolve()
        if not path.is_relative_to(self._folder):
            raise Refused("a file outside of the media folder")
        try:
            return InputFile(path.read_bytes(), filename=path.name)
        except OSError as missing:
            raise Refused(f"the file cannot be read: {type(missing).__name__}") from missing
