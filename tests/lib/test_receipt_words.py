"""What the words of a receipt seem to say is a guess: each part alone, or nothing."""

import datetime as dt

import pytest

from miaoli_kaohsiung.lib.receipt_words import Guess, guess

TODAY = dt.date(2010, 6, 1)
DAY = dt.date(2010, 5, 3)
OWN = "04595257"


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ([], Guess()),
        (["旗山米行收據", "中華民國99年5月3日", "統一編號12345675", "合計1,200元"], Guess(DAY, 1_200, "12345675")),
        (["2010/05/03", "小計 900", "總 計 $1,200"], Guess(DAY, 1_200)),
        (["99.5.3", "應收：NT$ 450"], Guess(DAY, 450)),
        # A day to come, one that does not exist, the buyer's own number, and a number whose digits are wrong.
        (["99年6月2日"], Guess()),
        (["99年13月3日", "99年5月3日"], Guess(DAY)),
        (["買受人 04595257", "12345675"], Guess(payee_tax_id="12345675")),
        (["12345678", "數量 3"], Guess()),
    ],
)
def test_guesses(lines, found):
    assert guess(lines, OWN, TODAY) == found
