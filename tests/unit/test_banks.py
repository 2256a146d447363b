"""A bank of questions is read strictly: everything wrong with it is told at once, each fault with its file and line."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.banks import MAX_BYTES, PackFaults, read_bank, read_pack_bank, read_pack_with_bank
from content.packs import describe, read_pack
from content.texts import Texts
from domain.question import Bank, Question
from tests.unit.pack_folder import pack

ROOT = Path(__file__).parents[2]
COVER = "id: demo\ntitle: 示范\nlanguage: zh\nquestions:\n"
ONE = "- key: one\n  kind: single\n  stem: 党的一大在哪里召开？\n  options: [上海, 北京]\n  right: A\n"
"""A correct question of five lines, so that what follows COVER begins at line 5, and a field put after it at line 10."""


def bank(folder: Path, text: str | bytes, name: str = "bank.yaml") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def faults(path: Path) -> list[tuple[int, str]]:
    with pytest.raises(PackFaults) as caught:
        read_bank(path)
    for language in ("zh", "en"):
        assert len(describe(caught.value.faults, Texts.load(), language)) == len(caught.value.faults)
    return [(x.line, x.what.key) for x in caught.value.faults]


def question(folder: Path, fields: str) -> Question:
    [read] = read_bank(bank(folder, f"{COVER}- key: q\n  stem: 问\n{fields}")).questions
    return read


def question_faults(folder: Path, fields: str) -> list[tuple[int, str]]:
    """What is wrong with a question whose own fields begin at line 7."""
    return faults(bank(folder, f"{COVER}- key: q\n  stem: 问\n{fields}"))


def test_a_bank_that_stands_alone_is_read(tmp_path: Path) -> None:
    rest = "  explanation: 后来转到嘉兴。\n  source: 张三编\n  topic: 建党\n  item: 003-yi-da\n"
    [read] = (
        found := read_bank(bank(tmp_path, COVER + ONE + rest.replace("  item: 003-yi-da\n", "")))
    ).questions
    assert found == Bank("demo", "示范", "zh", (read,))
    assert read.model_dump(exclude_defaults=True) == {
        "key": "one",
        "kind": "single",
        "stem": "党的一大在哪里召开？",
        "options": ("上海", "北京"),
        "right": (0,),
        "explanation": "后来转到嘉兴。",
        "source": "张三编",
        "topic": "建党",
    }


@pytest.mark.parametrize(
    ("fields", "right"),
    [
        ("  kind: 单选\n  options: [a, b, c]\n  right: b\n", (1,)),
        ("  kind: single\n  options: [1919, 1921, 1949]\n  right: B\n", (1,)),
        ("  kind: single\n  options: [yes, no]\n  right: A\n", (0,)),
        ("  kind: 多选\n  options: [a, b, c]\n  right: [C, A]\n", (0, 2)),
        ("  kind: multiple\n  options: [a, b, c]\n  right: AC\n", (0, 2)),
        ("  kind: multiple\n  options:\n    - a\n    - b\n    - c\n  right: A、C\n", (0, 2)),
        ("  kind: 判断\n  right: 对\n", (0,)),
        ("  kind: truefalse\n  right: false\n", (1,)),
        ("  kind: truefalse\n  right: T\n", (0,)),
        ("  kind: truefalse\n  right: no\n", (1,)),
    ],
)
def test_what_is_right_is_written_as_people_write_it(
    tmp_path: Path, fields: str, right: tuple[int, ...]
) -> None:
    assert question(tmp_path, fields).right == right


@pytest.mark.parametrize(
    ("answers", "read"),
    [
        ("1921", ("1921",)),
        ("[上海, 上海市]", ("上海", "上海市")),
        ("[1921, 1921-07-01]", ("1921", "1921-07-01")),
    ],
)
def test_answers_are_one_text_or_a_list_as_they_stand(
    tmp_path: Path, answers: str, read: tuple[str, ...]
) -> None:
    assert question(tmp_path, f"  kind: 填空\n  answers: {answers}\n").answers == read


def test_a_key_of_digits_needs_no_quotes(tmp_path: Path) -> None:
    [read] = read_bank(bank(tmp_path, COVER + ONE.replace("one", "007"))).questions
    assert read.key == "007"


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ("  kind: essay\n", [(7, "pack.not_a_choice")]),
        ("  options: [a, b]\n  right: A\n", [(5, "pack.field_missing")]),
        ("  kind: single\n  options: [a, b]\n", [(5, "pack.field_missing")]),
        ("  kind: single\n  options: [a, b]\n  right: C\n", [(9, "bank.right_unknown")]),
        ("  kind: single\n  options: [a, b]\n  right: []\n", [(9, "pack.field_empty")]),
        ("  kind: single\n  options: [a, b]\n  right:\n", [(9, "pack.field_empty")]),
        ("  kind: single\n  options: [a, b]\n  right: AB\n", [(9, "bank.right_many")]),
        ("  kind: single\n  options: [a, a]\n  right: A\n", [(8, "bank.options_alike")]),
        ("  kind: single\n  options: [Ａ1, A1]\n  right: A\n", [(8, "bank.options_alike")]),
        ("  kind: single\n  options: [a]\n  right: A\n", [(8, "bank.options_count")]),
        ("  kind: single\n  options: a\n  right: A\n", [(8, "bank.options_count")]),
        (f"  kind: single\n  options: {list(range(13))}\n  right: A\n", [(8, "bank.options_count")]),
        (f"  kind: single\n  options: [a, b, {'c' * 101}]\n  right: A\n", [(8, "pack.too_long")]),
        (
            "  kind: single\n  options: [a, {b: c}]\n  right: A\n",
            [(8, "bank.options_count"), (8, "pack.not_text")],
        ),
        ("  kind: single\n  right: A\n", [(5, "pack.field_missing")]),
        ("  kind: single\n  options: [a, b]\n  right: A\n  answers: a\n", [(10, "bank.unneeded")]),
        ("  kind: truefalse\n  right: 也许\n", [(8, "bank.right_neither")]),
        ("  kind: truefalse\n  right: 对\n  options: [对, 错]\n", [(9, "bank.unneeded")]),
        ("  kind: truefalse\n  right: [对, 错]\n", [(8, "bank.right_many")]),
        ("  kind: fill\n", [(5, "pack.field_missing")]),
        ("  kind: fill\n  answers: []\n", [(8, "pack.field_empty")]),
        ("  kind: fill\n  answers: ['']\n", [(8, "pack.field_empty")]),
        ("  kind: fill\n  answers: ['！', ~]\n", [(8, "pack.field_empty"), (8, "bank.answer_empty")]),
        (f"  kind: fill\n  answers: {'a' * 101}\n", [(8, "pack.too_long")]),
        ("  kind: fill\n  answers: a\n  right: A\n", [(9, "bank.unneeded")]),
        (f"  kind: fill\n  answers: a\n  explanation: {'长' * 201}\n", [(9, "pack.too_long")]),
        (f"  kind: fill\n  answers: a\n  topic: {'长' * 41}\n", [(9, "pack.too_long")]),
        ("  kind: fill\n  answers: a\n  points: 5\n", [(9, "pack.field_unknown")]),
        ("  kind: fill\n  answers: a\n  stem: 又\n", [(9, "pack.duplicate_field")]),
        ("  kind: fill\n  answers：a\n", [(8, "pack.wide_colon")]),
        ("  kind: fill\n  answers: a\n  item: one\n", [(9, "bank.item_unknown")]),
    ],
)
def test_a_fault_of_a_question_is_told_with_its_line(
    tmp_path: Path, fields: str, found: list[tuple[int, str]]
) -> None:
    assert sorted(question_faults(tmp_path, fields)) == sorted(found)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (COVER, [(4, "bank.no_questions")]),
        (COVER[: COVER.index("questions")], [(1, "bank.no_questions")]),
        (COVER.replace("questions:", "questions: 很多"), [(4, "pack.not_list")]),
        (COVER + "- 第一题\n", [(5, "bank.not_question")]),
        (COVER + ONE + ONE, [(10, "bank.duplicate_key")]),
        (COVER + ONE.replace("key: one", "key: 第一题"), [(5, "pack.bad_key")]),
        (COVER + ONE.replace("key: one", "key:"), [(5, "pack.field_empty")]),
        (COVER + ONE.replace("- key: one\n ", "-"), [(5, "pack.field_missing")]),
        (COVER + ONE.replace("- key:", "- key："), [(5, "pack.wide_colon")]),
        (COVER + ONE.replace("哪里", "哪里" * 150), [(7, "pack.too_long")]),
        (COVER.replace("demo", "示范") + ONE, [(1, "pack.bad_key")]),
        (COVER.replace("zh", "fr") + ONE, [(3, "pack.not_a_choice")]),
        (COVER.replace("title: 示范\n", "") + ONE, [(1, "pack.field_missing")]),
        ("questions: [", [(1, "pack.yaml_broken")]),
        ("", [(1, "pack.not_mapping")]),
        (b"\xff", [(1, "pack.not_utf8")]),
        (b"#" * (MAX_BYTES + 1), [(1, "bank.file_too_large")]),
    ],
)
def test_a_fault_of_a_bank_is_told_with_its_line(
    tmp_path: Path, text: str | bytes, found: list[tuple[int, str]]
) -> None:
    assert faults(bank(tmp_path, text)) == found


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    broken = ONE.replace("right: A", "right: Z").replace("kind: single", "kind: multiple")
    found = faults(bank(tmp_path, COVER.replace("zh", "fr") + ONE + ONE + broken.replace("one", "two")))
    assert found == [(3, "pack.not_a_choice"), (10, "bank.duplicate_key"), (19, "bank.right_unknown")]


def test_a_file_that_is_not_there_is_told_as_such(tmp_path: Path) -> None:
    assert faults(tmp_path / "none.yaml") == [(0, "bank.no_file")]
    assert faults(tmp_path) == [(0, "bank.no_file")]


def test_a_pack_without_questions_has_no_bank(tmp_path: Path) -> None:
    folder = pack(tmp_path)
    assert read_pack_bank(folder, read_pack(folder)) is None
    assert read_pack_with_bank(folder) == (read_pack(folder), None)


def test_a_packs_bank_bears_the_packs_id_and_its_questions_its_items(tmp_path: Path) -> None:
    folder = pack(tmp_path, {"questions.yaml": f"questions:\n{ONE}  item: one\n"})
    read, found = read_pack_with_bank(folder)
    assert found == read_pack_bank(folder, read)
    assert found is not None
    assert (found.id, found.title, found.language) == ("demo", "示范", "zh")
    assert [x.item for x in found.questions] == ["one"]


def test_a_question_for_an_item_the_pack_does_not_have_is_a_fault(tmp_path: Path) -> None:
    folder = pack(tmp_path, {"questions.yaml": f"questions:\n{ONE}  item: two\n"})
    with pytest.raises(PackFaults, match=r"^questions.yaml:7 bank.item_unknown$"):
        read_pack_bank(folder, read_pack(folder))


def test_a_packs_bank_has_no_cover_of_its_own(tmp_path: Path) -> None:
    folder = pack(tmp_path, {"questions.yaml": f"title: 又\nquestions:\n{ONE}"})
    with pytest.raises(PackFaults, match=r"^questions.yaml:1 pack.field_unknown$"):
        read_pack_with_bank(folder)


def test_faults_of_a_pack_and_of_its_questions_are_told_together(tmp_path: Path) -> None:
    questions = f"questions:\n{ONE.replace('right: A', 'right: C')}  item: two\n"
    folder = pack(tmp_path, {"pack.yaml": "id: demo\n", "questions.yaml": questions})
    with pytest.raises(PackFaults) as caught:
        read_pack_with_bank(folder)
    found = {(x.file, x.line, x.what.key) for x in caught.value.faults}
    assert ("questions.yaml", 6, "bank.right_unknown") in found
    assert ("pack.yaml", 1, "pack.field_missing") in found
    assert "bank.item_unknown" not in {key for _, _, key in found}


def test_questions_that_are_a_link_out_of_the_folder_are_refused(tmp_path: Path) -> None:
    secret = bank(tmp_path, f"questions:\n{ONE}", "secret.yaml")
    folder = pack(tmp_path / "p")
    (folder / "questions.yaml").symlink_to(secret)
    with pytest.raises(PackFaults, match=r"^questions.yaml pack.outside$"):
        read_pack_with_bank(folder)


@pytest.mark.parametrize("name", sorted(path.parent.name for path in ROOT.glob("content/packs/*/pack.yaml")))
def test_the_shipped_questions_have_no_faults(name: str) -> None:
    _, found = read_pack_with_bank(ROOT / "content" / "packs" / name)
    assert found is not None


def test_the_examples_of_the_guide_are_correct_questions(tmp_path: Path) -> None:
    guide = (ROOT / "docs" / "packs.md").read_text("utf-8")
    [example] = re.findall(r"```yaml questions\n(.*?)```", guide, re.DOTALL)
    read = read_bank(bank(tmp_path, COVER.replace("questions:\n", "") + re.sub(r"\n *item: .*", "", example)))
    assert [x.kind for x in read.questions] == ["single", "multiple", "truefalse", "fill"]


@given(st.text(alphabet=st.sampled_from("-[]{}:'\"&*!|>#, \n\tkeystmrighta1对：")))
def test_no_text_is_too_odd_to_be_refused(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.raises(PackFaults):
        read_bank(bank(Path(folder), text))


def test_broken_yaml_beside_a_pack_is_told_with_its_file_and_line(tmp_path: Path) -> None:
    with pytest.raises(PackFaults, match=r"^questions.yaml:1 pack.yaml_broken$"):
        read_pack_with_bank(pack(tmp_path, {"questions.yaml": "questions: ["}))
