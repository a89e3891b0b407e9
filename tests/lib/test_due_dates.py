import datetime as dt

import pytest

from miaoli_kaohsiung.lib import due_dates

TODAY = dt.date(2010, 6, 1)


@pytest.mark.parametrize(
    ("due_on", "words"),
    [
        (dt.date(2010, 5, 31), "99年5月31日（已逾 1 天）"),
        (TODAY, "99年6月1日（今天到期）"),
        (dt.date(2010, 6, 2), "99年6月2日（還有 1 天）"),
    ],
)
def test_a_due_date_says_how_far_it_is(due_on, words):
    assert due_dates.due_in_words(due_on, TODAY) == words
