"""Lying bars: their widths, how parts stand, and that the table says the same."""

from miaoli_kaohsiung.lib.charts import BAR, LABEL, ROW, THICK, Chart, Row

ROWS = [Row("98 年", (1, 3)), Row("99 年", (2, 0), "/list/")]


def widths(chart: Chart) -> list[list[tuple[int, int, int]]]:
    return [[(part.x, part.y, part.width) for part in bar.parts] for bar in chart.bars]


def test_parts_of_a_row_follow_each_other_and_the_longest_row_fills_the_picture():
    chart = Chart("c", "圖", "年度", ["甲", "乙"], ROWS)
    quarter = BAR // 4
    assert widths(chart) == [
        [(LABEL, 0, quarter), (LABEL + quarter, 0, 3 * quarter)],
        [(LABEL, ROW, 2 * quarter), (LABEL + 2 * quarter, ROW, 0)],
    ]
    assert (chart.height, [bar.total for bar in chart.bars]) == (2 * ROW, [4, 2])


def test_parts_that_do_not_add_up_stand_under_each_other():
    chart = Chart("c", "圖", "年度", ["甲", "乙"], ROWS, side=True)
    half = THICK // 2
    assert widths(chart)[0] == [(LABEL, 0, BAR // 3), (LABEL, half, BAR)]


def test_nothing_to_show_has_no_width():
    assert widths(Chart("c", "圖", "年度", ["甲"], [Row("98 年", (0,))])) == [[(LABEL, 0, 0)]]
    assert Chart("c", "圖", "年度", ["甲"]).bars == []


def test_the_table_has_every_number_under_its_head():
    (first, second) = Chart("c", "圖", "年度", ["甲", "乙"], ROWS).lines
    assert first[1] == [("甲", 1), ("乙", 3)]
    assert (second[0].url, second[1]) == ("/list/", [("甲", 2), ("乙", 0)])
