"""Two people at one form: what only one changed is kept, what both changed is asked, nothing is overwritten unseen."""

import datetime as dt

import pytest
from django import forms
from django.http import QueryDict

from miaoli_kaohsiung.lib import merge
from miaoli_kaohsiung.lib.fields import AmountField, RocDateField


class Plan(forms.Form):
    title = forms.CharField(label="計畫名稱", required=False)
    day = RocDateField(label="日期", required=False)
    amount = AmountField(label="金額", required=False)
    groups = forms.MultipleChoiceField(
        label="對象",
        required=False,
        choices=[("a", "婦女"), ("b", "兒童")],
        widget=forms.CheckboxSelectMultiple,
    )


FIRST = {"title": "共餐", "day": dt.date(2010, 7, 1), "amount": 12_000, "groups": ["a"]}


def stored(**changed) -> Plan:
    return Plan(initial=FIRST | changed)


def post(**changed) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in ({"title": "共餐", "day": "99/7/1", "amount": "12,000", "groups": ["a"]} | changed).items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


def merged(data: QueryDict, now: Plan, seen: str | None = None, undecided: tuple = ()) -> merge.Merge:
    return merge.merge([(Plan(data), now)], merge.seen([stored()]) if seen is None else seen, undecided)


def test_the_same_content_written_otherwise_is_no_change():
    found = merged(post(day="0990701", amount="１２０００元", title="共餐 "), stored())
    assert found == merge.Merge()


def test_what_only_this_page_changed_is_no_question():
    assert merged(post(title="長者共餐", day="99/8/1", groups=[]), stored()) == merge.Merge()


def test_what_only_the_other_changed_is_taken_over():
    found = merged(post(title="長者共餐"), stored(day=dt.date(2010, 9, 1), groups=["b", "a"]))
    assert found == merge.Merge([], {"day": ("日期", ("99/9/1",)), "groups": ("對象", ("a", "b"))})


def test_what_both_changed_is_asked_with_both_texts():
    found = merged(post(title="甲", groups=["b"]), stored(title="乙", groups=["a", "b"]))
    assert found.conflicts == [
        merge.Conflict("title", "計畫名稱", "甲", "乙", ("乙",)),
        merge.Conflict("groups", "對象", "兒童", "婦女、兒童", ("a", "b")),
    ]


def test_both_to_the_same_is_no_question():
    assert merged(post(title="甲"), stored(title="甲")) == merge.Merge()


def test_what_cannot_be_read_is_a_change_of_this_page():
    (asked,) = merged(post(day="99/2/31"), stored(day=dt.date(2010, 9, 1))).conflicts
    assert (asked.mine, asked.stored) == ("99/2/31", "99/9/1")


def test_emptied_here_and_changed_there_is_asked_and_says_blank():
    (asked,) = merged(post(title=""), stored(title="乙")).conflicts
    assert (asked.mine, asked.stored) == ("（空白）", "乙")


@pytest.mark.parametrize("seen", ["", "rubbish", "zz"])
def test_a_page_that_says_nothing_of_what_it_saw_overwrites_nothing(seen):
    found = merged(post(title="甲"), stored(title="乙"), seen)
    assert [asked.name for asked in found.conflicts] == ["title"]


def test_a_field_that_did_not_arrive_is_left_alone():
    data = post()
    del data["title"]
    assert merged(data, stored(title="乙")) == merge.Merge()


def test_a_question_that_was_not_decided_is_asked_again():
    now = stored(title="乙")
    data = post(title="甲")
    data.setlist("conflict-of", ["title"])
    assert merge.unresolved(data) == ["title"]
    assert [c.name for c in merged(data, now, merge.seen([now]), ("title",)).conflicts] == ["title"]


@pytest.mark.parametrize(("choice", "title"), [("mine", "甲"), ("stored", "乙")])
def test_a_choice_decides(choice, title):
    now = stored(title="乙")
    data = post(title="甲")
    data.setlist("conflict-of", ["title"])
    data["conflict:title"] = choice
    assert merge.unresolved(data) == []
    assert merge.resolved(data, [now])["title"] == title
