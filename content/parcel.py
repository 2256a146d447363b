"""Whatever somebody sends to be loaded — a bank in any format, a pack as one YAML file or as a zip, a template — read in one place."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from content.banks import read_pack_with_bank
from content.cycles import sent_template
from content.exchange.drafts import Progress
from content.exchange.formats import read_bank, recognise
from content.faults import Fault, Faults, PackFaults, quoted
from content.lone_pack import read_lone_pack
from content.media import is_stored_elsewhere, store_media
from content.written import decoded
from content.zipped_pack import holds_pack, unpack
from domain.message import Line
from domain.pack import Pack
from domain.question import Bank
from domain.template import Template

MAX_BYTES = 19 * 1024 * 1024
"""A little less than the 20 MB that a Telegram bot can fetch (https://core.telegram.org/bots/api#getfile)."""
MAX_PACK_YAML = 4 * 1024 * 1024

_ZIP = b"PK\x03\x04"
_ITEMS = re.compile(rb"^items[ \t]*(?::|\xef\xbc\x9a)", re.MULTILINE)
_STAGES = re.compile(rb"^stages[ \t]*(?::|\xef\xbc\x9a)", re.MULTILINE)
_YAML = (".yaml", ".yml")
_QUESTIONS = re.compile(rb"^questions[ \t]*(?::|\xef\xbc\x9a)", re.MULTILINE)
_WIDER = {"exchange.unknown_format": "parcel.unknown", "exchange.picture_file": "parcel.picture"}
_TEMPLATES = (*_YAML, ".txt")
"""Phones and plain editors save what was edited under the last."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A pack, a bank, a pack with its bank, a template for activities; or else everything that is wrong."""

    pack: Pack | None = None
    bank: Bank | None = None
    template: Template | None = None
    text: str = ""
    """The template as it was written."""
    faults: tuple[Fault, ...] = ()


def read_parcel(
    data: bytes, name: str, media: Path | None = None, progress: Progress = lambda count: None
) -> Parcel:
    """Takes seconds for a large file. The pictures of a pack are put into the folder ``media``; without one they are refused."""
    file = quoted(name.replace("\\", "/").rpartition("/")[2]) or "?"
    try:
        if data.startswith(_ZIP) and (holds_pack(data) or file.lower().endswith(".zip")):
            return Parcel(*_zipped(data, file, media))
        if file.lower().endswith(_YAML) and _ITEMS.search(data):
            return Parcel(*_lone(data, file))
        if file.lower().endswith(_TEMPLATES) and _STAGES.search(data):
            template, text = sent_template(data, file)
            return Parcel(template=template, text=text)
        if _is_yaml_of_nothing(data, file):
            return Parcel(faults=(Fault(file, 0, Line("parcel.which_yaml")),))
        return Parcel(bank=read_bank(data, file, progress))
    except PackFaults as wrong:
        return Parcel(faults=tuple(map(_of_any_kind, wrong.faults)))


def _is_yaml_of_nothing(data: bytes, file: str) -> bool:
    """YAML, but neither bank nor pack nor template. Where its encoding is wrong, that is what to tell."""
    if recognise(data, file) != "yaml" or _QUESTIONS.search(data):
        return False
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _of_any_kind(fault: Fault) -> Fault:
    """What is no bank might have been meant for something else."""
    return replace(fault, what=Line(_WIDER[fault.what.key])) if fault.what.key in _WIDER else fault


def _lone(data: bytes, file: str) -> tuple[Pack, Bank | None]:
    faults = Faults(file)
    if len(data) > MAX_PACK_YAML:
        faults.add(0, "exchange.too_large", most=MAX_PACK_YAML // 1024 // 1024)
    text = None if faults.found else decoded(data, faults)
    if text is None or faults.found:
        raise PackFaults(faults.found)
    return read_lone_pack(text, file)


def _zipped(data: bytes, file: str, media: Path | None) -> tuple[Pack, Bank | None]:
    faults = Faults(file)
    if len(data) > MAX_BYTES:
        faults.add(0, "exchange.too_large", most=MAX_BYTES // 1024 // 1024)
    elif not holds_pack(data):
        faults.add(0, "pack.zip_no_pack")
    if faults.found:
        raise PackFaults(faults.found)
    with tempfile.TemporaryDirectory() as folder:
        unpack(data, file, Path(folder))
        pack, bank = read_pack_with_bank(Path(folder))
        return (_with_media(pack, Path(folder), media, faults), bank)


def _with_media(pack: Pack, folder: Path, media: Path | None, faults: Faults) -> Pack:
    if not any(item.media and not is_stored_elsewhere(item.media) for item in pack.items):
        return pack
    if media is None:
        faults.add(0, "pack.media_not_here")
        raise PackFaults(faults.found)
    return store_media(pack, folder, media)
