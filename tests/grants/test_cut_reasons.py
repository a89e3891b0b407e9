import pytest

from grants.compliance.cut_reasons import figures_that_differ, fitting


@pytest.mark.parametrize(
    "reason",
    [
        "",
        "參酌實際需要酌予核減",
        "最多 10,420 元（肆、二、5）",
        "依規定核列 10,420 元，核減 1,580 元（肆、二、5）",
        "其他項目 104,200 元，最多 10,420 元，超出 1,580 元",
        "原申請 12,000 元，改列１０，４２０元",
        "每小時最多 800 元，共 13 小時",
        "整案上限 20,000 元，其餘由協會自籌 9,999 元",
    ],
)
def test_figures_of_the_row_and_of_others_pass(reason):
    assert figures_that_differ(reason, 12_000, 10_420) == []


@pytest.mark.parametrize(
    ("reason", "count"),
    [
        ("最多 11,577 元，超出 423 元", 2),
        ("最多 10,420 元，超出 1,579 元", 1),
        ("上限10,421元", 1),
        ("核減１，５８１元", 1),
        ("申請 12,001 元，核減 1,580 元", 1),
        ("最多 11577元（肆、二、5）", 1),
    ],
)
def test_a_figure_that_contradicts_the_row_is_named(reason, count):
    found = figures_that_differ(reason, 12_000, 10_420)
    assert len(found) == count
    assert all("10,420 元" in sentence or "1,580 元" in sentence or "12,000 元" in sentence for sentence in found)


def test_a_reason_that_does_not_fit_is_written_anew():
    assert fitting("最多 10,420 元（肆）", "肆", 12_000, 10_420) == "最多 10,420 元（肆）"
    written = fitting("最多 11,577 元，超出 423 元", "肆、二、5", 12_000, 10_420)
    assert written == "依規定核列 10,420 元，核減 1,580 元（肆、二、5）"
    assert figures_that_differ(written, 12_000, 10_420) == []
