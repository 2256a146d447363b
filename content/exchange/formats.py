"""Banks of questions from files of other programs and back: the format is told by the file's name and content.

Everything that is wrong with a file is told at once, with its line or cell, and then nothing of it is taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

from content.banks import MAX_BYTES as MAX_YAML_BYTES
from content.banks import bank_of
from content.exchange.aiken import looks_like_aiken, read_aiken
from content.exchange.columns import Columns
from content.exchange.csv_file import csv_rows, looks_like_table, write_csv
from content.exchange.drafts import BankFaults, Draft, Head, Progress, make_bank
from content.exchange.gift import read_gift
from content.exchange.gift_writing import write_gift
from content.exchange.moodle import read_moodle
from content.exchange.moodle_writing import write_moodle
from content.exchange.plain import MAX_BYTES, decode
from content.exchange.table import read_table
from content.exchange.xlsx import MAX_BYTES as MAX_XLSX_BYTES
from content.exchange.xlsx import read_xlsx, write_xlsx
from content.faults import Faults, quoted
from content.written import decoded
from domain.group import Language
from domain.question import Bank

__all__ = ["BankFaults", "Format", "Written", "file_name", "read_bank", "recognise", "template", "write_bank"]

Format = Literal["gift", "aiken", "moodle", "csv", "xlsx", "yaml"]
Written = Literal["gift", "moodle", "csv", "xlsx"]
SUFFIXES: dict[Written, str] = {"gift": "gift", "moodle": "xml", "csv": "csv", "xlsx": "xlsx"}

_BY_SUFFIX: dict[str, Format] = {
    "gift": "gift",
    "aiken": "aiken",
    "xml": "moodle",
    "csv": "csv",
    "tsv": "csv",
    "yaml": "yaml",
    "yml": "yaml",
}
_MACRO_SUFFIXES = ("xlsm", "xltm", "xlam", "xlsb")
_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"%PDF-")
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_YAML = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)*(?:id|title|language|questions)[ \t]*[:：]")
_XML = re.compile(r"\s*<(?:\?xml|!--|quiz)")


def read_bank(data: bytes, name: str, progress: Progress = lambda count: None) -> Bank:
    """The bank in that file. Raises `BankFaults` with all its faults. Takes seconds for thousands of questions."""
    faults = Faults(quoted(name.replace("\\", "/").rpartition("/")[2]))
    if refusal := _refusal(data, name):
        faults.add(0, refusal, most=_most_bytes(data, name) // 1024 // 1024)
        raise BankFaults(faults.found)
    if recognise(data, name) == "yaml":
        return _written(data, faults)
    head, drafts = _read(data, name, faults, progress)
    return make_bank(head, drafts, faults)


def _written(data: bytes, faults: Faults) -> Bank:
    """A bank in the form that `docs/packs.md` shows."""
    text = decoded(data, faults)
    bank = None if text is None else bank_of(text, faults)
    if bank is None or faults.found:
        raise BankFaults(faults.found)
    return bank


def recognise(data: bytes, name: str) -> Format | None:
    """The format, by what the file holds first and its name next; None for a file that is no bank of questions."""
    if _refusal(data, name):
        return None
    if data.startswith(_ZIP):
        return "xlsx"
    text = decode(data, Faults(name))
    return _text_format(text, name) if text is not None else _BY_SUFFIX.get(_suffix(name))


def _refusal(data: bytes, name: str) -> str:
    if len(data) > _most_bytes(data, name):
        return "exchange.too_large"
    if _suffix(name) in _MACRO_SUFFIXES:
        return "exchange.xlsx_macros"
    if data.startswith(_OLE):
        return "exchange.old_excel"
    if data.startswith(_PICTURES):
        return "exchange.picture_file"
    if not data.strip():
        return "exchange.empty"
    return ""


def _most_bytes(data: bytes, name: str) -> int:
    if data.startswith(_ZIP):
        return MAX_XLSX_BYTES
    return MAX_YAML_BYTES if _BY_SUFFIX.get(_suffix(name)) == "yaml" else MAX_BYTES


def _read(data: bytes, name: str, faults: Faults, progress: Progress) -> tuple[Head, list[Draft]]:
    if data.startswith(_ZIP) or _suffix(name) == "xlsx":
        head, rows = read_xlsx(data, faults, progress)
        return head, read_table(rows, Columns.load(), faults) if rows else []
    text = decode(data, faults)
    if text is None:
        return Head(), []
    match _text_format(text, name):
        case "gift":
            return read_gift(text, faults, progress)
        case "aiken":
            return read_aiken(text, faults, progress)
        case "moodle":
            return read_moodle(text, faults, progress)
        case "csv":
            columns = Columns.load()
            return Head(), read_table(csv_rows(text, columns, faults, progress), columns, faults)
    faults.add(0, "exchange.unknown_format")
    return Head(), []


def _text_format(text: str, name: str) -> Format | None:
    if _XML.match(text):
        return "moodle"
    if known := _BY_SUFFIX.get(_suffix(name)):
        return known
    if _YAML.match(text):
        return "yaml"
    if looks_like_table(text, Columns.load()):
        return "csv"
    if looks_like_aiken(text):
        return "aiken"
    return "gift" if "{" in text else None


def _suffix(name: str) -> str:
    return name.rpartition(".")[2].lower().strip()


def write_bank(bank: Bank, format: Written) -> bytes:
    """What `read_bank` makes the same bank of; of a CSV file, which cannot tell its id, the same questions."""
    writers: dict[Written, Callable[[Bank], bytes]] = {
        "gift": write_gift,
        "moodle": write_moodle,
        "csv": lambda bank: write_csv(bank, Columns.load()),
        "xlsx": lambda bank: write_xlsx(bank, Columns.load()),
    }
    return writers[format](bank)


def file_name(bank: Bank, format: Written) -> str:
    return f"{bank.id}.{SUFFIXES[format]}"


def template(language: Language = "zh") -> bytes:
    """An XLSX file to be filled in, with a question of each kind as an example.

    It bears no id and no title: the bank it becomes is called after the file.
    """
    columns = Columns.load()
    return write_xlsx(Bank("", "", language, columns.examples(language)), columns)
