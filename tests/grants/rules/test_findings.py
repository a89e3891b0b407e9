"""Findings, totals and evaluations as they are stored and sent."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest

from grants.rules.findings import ERROR, INFO, TWD, WARNING, Evaluation, Finding, Limit, Meter, Totals, plain

FINDING = Finding(
    "K4.1.2", ERROR, "超出 1 元。", line="1", requested=9601, allowed=9600, over=1, unit=TWD, suggested=9600
)
METER = Meter("K4.6.3a", "行政管理費", 9, 10, 11, "其他項目 90 元")


def evaluation(*findings):
    return Evaluation(findings, Totals(), "0" * 64)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (True, True),
        (3, 3),
        ("三", "三"),
        (dt.date(2010, 3, 15), "2010-03-15"),
        ((1, dt.date(2010, 1, 8)), [1, "2010-01-08"]),
        (set("hgfedcba"), list("abcdefgh")),
        (frozenset({2, 1}), [1, 2]),
        ({1: Fraction(1, 2)}, {"1": 0.5}),
        (Fraction(4, 2), 2),
        (Fraction(1, 3), "1/3"),
        (Decimal("1.5"), 1.5),
        (METER, METER.as_dict()),
    ],
)
def test_plain_values(value, expected):
    assert plain(value) == expected
    assert type(plain(value)) is type(expected)


def test_each_part_as_a_dictionary():
    assert Limit("K4.1.2", "1", 5, 9600, "6 × 1,600").as_dict() == {
        "clause": "K4.1.2",
        "line": "1",
        "requested": 5,
        "allowed": 9600,
        "arithmetic": "6 × 1,600",
    }
    assert METER.as_dict() == {
        "clause": "K4.6.3a",
        "label": "行政管理費",
        "used": 9,
        "allowed": 10,
        "lenient": 11,
        "arithmetic": "其他項目 90 元",
        "item": "",
    }
    assert Totals(1, 2, 3, {"film": 1}, {"pay": 1}, (METER,)).as_dict() == {
        "requested": 1,
        "own_funds": 2,
        "other_funds": 3,
        "by_item": {"film": 1},
        "by_group": {"pay": 1},
        "meters": [METER.as_dict()],
    }


def test_canonical_bytes():
    """Keys in order, no spaces, Chinese as it is: what the stored hash is made of."""
    written = evaluation(Finding("K5.3", ERROR, "請附課程表。")).to_json().decode()
    finding = (
        '{"allowed":null,"arithmetic":"","basis":"","clause":"K5.3","fact":null,"kind":"limit","line":null,"lines":[],'
        '"message":"請附課程表。","month":null,"over":null,"parameters":[],"person":null,"requested":null,"severity":"error",'
        '"suggested":null,"two_limits":false,"unit":null}'
    )
    totals = '{"by_group":{},"by_item":{},"meters":[],"other_funds":0,"own_funds":0,"requested":0}'
    zeros = "0" * 64
    assert (
        written == f'{{"findings":[{finding}],"limits":[],"parameters_read":[],"ruleset":"{zeros}","totals":{totals}}}'
    )


@pytest.mark.parametrize(("severity", "blocks"), [(ERROR, True), (WARNING, False), (INFO, False)])
def test_only_errors_block(severity, blocks):
    finding = Finding("K5.3", severity, "")
    assert (finding.blocks, evaluation(finding).blocks) == (blocks, blocks)
    assert evaluation().blocks is False


def test_errors_and_warnings_are_told_apart():
    error, warning, info = (Finding("K5.3", severity, "") for severity in (ERROR, WARNING, INFO))
    judgement = evaluation(error, warning, info)
    assert (judgement.errors, judgement.warnings) == ((error,), (warning,))


def test_the_most_for_a_line_is_the_least_of_its_limits():
    other = Finding("K4.1.1", ERROR, "", line="2", unit=TWD, suggested=5)
    hours = Finding("K4.1.3.2c", ERROR, "", line="1", unit="hours", suggested=4)
    blank = Finding("K4.1.2", ERROR, "", line="1", unit=TWD)
    tighter = Finding("K4.1.3.5a", ERROR, "", line="1", unit=TWD, suggested=9000)
    judgement = evaluation(FINDING, other, hours, blank, tighter)
    assert (judgement.most_for("1"), judgement.most_for("2"), judgement.most_for("3")) == (9000, 5, None)
    assert evaluation(hours, blank).most_for("1") is None
    assert judgement.of_line("2") == (other,)
