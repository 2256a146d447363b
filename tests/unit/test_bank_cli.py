"""`xueban bank`: banks in and out on the command line, and what their questions are worth."""

from __future__ import annotations

from pathlib import Path

import pytest

from content.exchange.formats import read_bank
from domain.question import Bank, Question
from storage import banks, packs, quizzes
from storage.tx import Tx
from tests.transcripts.sample_banks import SAMPLES
from tests.transcripts.works import PACK
from tests.unit.test_cli import GROUP, NOW, Shell, a_group, another_group

__all__ = ["shell"]
from tests.unit.test_cli import shell


def sample(folder: Path, name: str, file: str) -> str:
    path = folder / file
    path.write_bytes(SAMPLES[name]())
    return str(path)


def test_a_bank_is_imported_listed_and_taken_out_again(shell: Shell) -> None:
    assert shell.run("bank", "list") == 0
    assert "There is no bank yet" in shell.out
    assert shell.run("bank", "import", sample(shell.folder, "bank", "q.xlsx")) == 0
    assert "4 new, 0 changed" in shell.out
    assert shell.run("bank", "list") == 0
    assert "changshi" in shell.out and "everybody’s" in shell.out
    stored = shell.rows(lambda tx: banks.whole(tx, "changshi"))
    for ending in (".xlsx", ".gift", ".xml"):
        file = shell.folder / f"out{ending}"
        assert shell.run("bank", "export", "changshi", str(file)) == 0
        assert read_bank(file.read_bytes(), file.name) == stored


def test_all_faults_are_told_and_nothing_is_loaded(shell: Shell) -> None:
    assert shell.run("bank", "import", sample(shell.folder, "bank-wrong", "q.csv")) == 1
    assert all(f"q.csv:{cell} " in shell.err for cell in ("F2", "A3", "D4", "F5"))
    assert "Faults found: 4" in shell.err
    assert shell.rows(banks.all_banks) == []


def test_a_file_that_is_not_there_or_too_large_is_said_so(shell: Shell) -> None:
    assert shell.run("bank", "import", str(shell.folder / "none.csv")) == 1
    assert "No such file" in shell.err
    assert shell.run("bank", "import", sample(shell.folder, "bank-too-large", "q.csv")) == 1
    assert "MB" in shell.err


def test_a_group_has_banks_of_its_own_that_nobody_overwrites(shell: Shell) -> None:
    shell.rows(a_group)
    shell.rows(another_group)
    file = sample(shell.folder, "bank", "q.xlsx")
    assert shell.run("bank", "import", file, "--group", GROUP.name) == 0
    assert shell.run("bank", "import", file) == 1
    assert "The id changshi is a group’s own" in shell.err
    assert shell.run("bank", "import", file, "--group", "8") == 0
    assert [(one.id, one.group_id) for one in shell.rows(banks.all_banks)] == [
        ("changshi", 7),
        ("changshi-8", 8),
    ]
    assert shell.run("bank", "list") == 0
    assert "一组" in shell.out and "二组" in shell.out
    assert shell.run("bank", "import", file, "--group", "三组") == 1
    assert "There is no group “三组”" in shell.err


def test_a_pack_of_the_installation_does_not_overwrite_a_groups_own(shell: Shell) -> None:
    from tests.unit.pack_folder import pack

    shell.rows(lambda tx: packs.save(tx, PACK, NOW, 7))
    folder = pack(shell.folder / "pack", {})
    cover = folder / "pack.yaml"
    cover.write_text(cover.read_text("utf-8").replace("id: demo", "id: sample"), "utf-8")
    assert shell.run("pack", "load", str(folder)) == 1
    assert "is a group’s own" in shell.err


def test_the_template_may_be_filled_in_and_imported(shell: Shell) -> None:
    file = shell.folder / "history.xlsx"
    assert shell.run("bank", "template", str(file)) == 0
    assert f"Written to {file}" in shell.out.replace("\n", "")
    assert shell.run("bank", "import", str(file)) == 0
    assert [(one.id, one.size) for one in shell.rows(banks.all_banks)] == [("history", 4)]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("export", "none", "x.xlsx"), "There is no bank with the id none. There are: demo"),
        (("stats", "none"), "There is no bank with the id none. There are: demo"),
        (("export", "demo", "x.doc"), "The ending “.doc” is not known"),
    ],
)
def test_what_is_not_there_is_said_with_what_is(shell: Shell, words: tuple[str, ...], said: str) -> None:
    shell.rows(lambda tx: banks.save(tx, BANK, NOW))
    assert shell.run("bank", *words) == 1
    assert said in shell.err


QUESTION = Question(key="hard", kind="single", stem="Which?", options=("a", "b", "c"), right=(0,))
BANK = Bank("demo", "Demo", "en", (QUESTION, QUESTION.model_copy(update={"key": "new"})))


def test_the_figures_of_a_bank_say_what_to_look_at(shell: Shell) -> None:
    async def answered(tx: Tx) -> None:
        await banks.save(tx, BANK, NOW)
        await quizzes.ask(tx, group_id=7, id=1, key="day:1", bank="demo", question="hard", now=NOW)
        for person in range(20):
            given, verdict = ("0", "right") if person == 0 else ("1", "wrong")
            await quizzes.answer(
                tx,
                group_id=7,
                quiz_id=1,
                person_id=person,
                given=given,
                verdict=verdict,  # type: ignore[arg-type]
                now=NOW,
            )

    shell.rows(answered)
    assert shell.run("bank", "stats", "demo") == 0
    assert "5%" in shell.out and "too few" in shell.out
    assert "Few get it right" in shell.out and "Nobody ever chose C" in shell.out
