"""Lying bars: their widths, how parts stand, and that the table says the same."""

from decimal import Decimal

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


def test_bars_and_rows_are_drawn_with_their_words_escaped():
    chart = Chart("c", "圖", "年度", ["甲", "乙<"], [Row("9<8", (1000, Decimal("0.50")), "/list/?a=1&b=2")])
    assert str(chart.picture) == (
        f'<text x="{LABEL - 8}" y="18" class="label">9&lt;8</text>'
        f'<rect class="series-1" x="{LABEL}" y="0" width="{BAR - 1}" height="{THICK}"/>'
        f'<rect class="series-2" x="{LABEL + BAR - 1}" y="0" width="0" height="{THICK}"/>'
        f'<text x="{LABEL + BAR - 1 + 8}" y="18">1,000.5</text>'
    )
    assert str(chart.body) == (
        '<tr><th scope="row"><a href="/list/?a=1&amp;b=2">9&lt;8</a></th>'
        '<td class="num" data-label="甲">1,000</td><td class="num" data-label="乙&lt;">0.5</td></tr>'
    )


def test_parts_that_do_not_add_up_have_no_sum_and_a_row_without_a_list_no_link():
    chart = Chart("c", "圖", "年度", ["甲"], [Row("98 年", (None,))], side=True)
    assert str(chart.body) == '<tr><th scope="row">98 年</th><td class="num" data-label="甲"></td></tr>'
    assert Chart("c", "圖", "年度", ["甲"], [Row("98 年", (3,))], side=True).picture.count("<text") == 1
