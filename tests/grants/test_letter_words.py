"""The words of each kind of letter: exact for both counties before and after the merger, and how marks are filled in."""

import datetime as dt
from pathlib import Path

import pytest

from grants.enums import DISCARDABLE, LetterKind
from grants.letters import fields, words
from grants.letters.numbering import numbered
from grants.letters.specimen import specimen_of
from tests.factories.grants import SchemeFactory

GOLDEN = Path(__file__).with_name("letter_words")
BEFORE, AFTER = dt.date(2010, 12, 24), dt.date(2010, 12, 25)


def printed(county: str, on: dt.date) -> str:
    """Every kind of letter of the county on a day, as it reads."""
    parts = []
    for kind, wording in words.filed().items():
        letter = specimen_of(wording, county, on)
        lines = [f"== {kind} {wording.name}", f"主旨：{letter.subject}", *said(numbered(letter.explanation))]
        lines += [f"擬辦：{line}" for line in letter.context["action"]]
        lines += [f"正本：{letter.originals}", f"副本：{letter.copies}"]
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def said(rows, indent: str = "") -> list[str]:
    return [
        line for row in rows for line in (f"{indent}{row['mark']}{row['text']}", *said(row["below"], indent + "　"))
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("county", "on"), [("kaohsiung", BEFORE), ("kaohsiung", AFTER), ("miaoli", BEFORE), ("miaoli", AFTER)]
)
def test_each_kind_reads_as_it_stands_in_the_file_of_the_county_and_the_day(county, on):
    SchemeFactory()
    SchemeFactory(slug="miaoli", county="miaoli", number_prefix="ML", legal_basis="苗栗縣政府社區發展工作計畫")
    expected = GOLDEN / f"{county}-{on}.txt"
    assert printed(county, on) == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", LetterKind)
def test_filed_words_hold_only_their_marks_and_all_that_they_need(kind):
    wording = words.filed()[kind]
    used = fields.marks_in(wording.text)
    after_arrival = [name for name in used if name.startswith("文到")]
    assert fields.unknown(wording.text, [*wording.marks, *after_arrival]) == []
    assert set(wording.needed) <= set(used)
    receivers = [field.mark for field in fields.RECEIVERS]
    assert fields.unknown("".join([wording.originals, *wording.copies]), receivers) == []
    assert {name for name in wording.fields if name not in used} == set()


def test_a_decision_against_somebody_always_has_the_notice_of_remedies():
    with_remedy = {kind for kind, wording in words.filed().items() if "訴願教示" in wording.needed}
    assert with_remedy == {
        "partial_approval", "rejection", "not_accepted", "amendment_refused", "settlement_withdrawn", "return", "sanction", "revocation",
    }  # fmt: skip
    assert with_remedy.isdisjoint(DISCARDABLE)


def test_a_paragraph_without_a_value_is_left_out_with_what_stands_below_it():
    text = "甲【理由】\n　子\n乙\n　【補正事項】\n丙【補正期限】"
    assert words.paragraphs(text, {"理由": "", "補正事項": ("一", "　二")}) == ["乙", "　一", "　二", "丙【補正期限】"]
    assert words.paragraphs(text, {"理由": "好", "補正事項": ()}) == ["甲好", "　子", "丙【補正期限】"]


def test_a_value_with_marks_or_spaces_in_it_is_only_text():
    values = {"計畫": "【理由】{{ x }}{% y %}", "理由": words.plain("無\n　同意補助")}
    assert words.in_line("「【計畫】」【理由】", values) == "「【理由】{{ x }}{% y %}」無 同意補助"


@pytest.mark.parametrize(
    ("lines", "marks"),
    [
        (["甲"], [""]),
        (["甲", "乙"], ["一、", "二、"]),
        (["甲", "　子", "　　寅", "　　　卯", "　丑", "乙"], ["一、", "(一)", "1.", "(1)", "(二)", "二、"]),
        (["甲", "　　　卯", "　　寅"], ["", "(一)", "1."]),
    ],
)
def test_levels_are_numbered_as_letters_are(lines, marks):
    assert [line.strip()[: len(mark)] for line, mark in zip(said(numbered(lines)), marks, strict=True)] == marks
