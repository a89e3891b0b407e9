"""A county's own words for its letters: typed with a preview, confirmed by another person, in force from their day."""

import datetime as dt

import pytest
from django.urls import reverse

from grants.enums import LetterKind
from grants.letters import compose
from grants.letters.words import filed, wording_of
from grants.models import LetterWords
from grants.services.letters import memo, wording
from miaoli_kaohsiung.changes import services
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from tests.factories import reviews

from .papers import text_of_pdf

pytestmark = pytest.mark.django_db
EDIT = reverse("grants:letter_words_edit", args=["kaohsiung", "rejection"])
OWN = "【復文】\n未予補助之理由：\n　【理由】\n　　附註。\n【訴願教示】"


def typed(**values) -> dict:
    row = filed()["rejection"]
    fields = {"subject": row.subject, "explanation": OWN, "copies": "【公所】\n高雄縣議會", "reason": "照審計意見"}
    return fields | {"starts_on": "99/6/1"} | values


def test_proposed_by_one_confirmed_by_another_in_force_from_its_day(people, client):
    client.force_login(people.officer)
    assert client.post(EDIT, typed(starts_on="99/6/10")).status_code == 302
    change = Change.objects.get(kind="letter_words")
    with pytest.raises(Refused):
        services.confirm(people.officer, change)
    case = reviews.filed()
    page = client.get(reverse("changes:show", args=[change.pk])).content.decode()
    assert "高雄縣議會" in page
    services.confirm(people.head, change)
    before = compose.compose(LetterKind.REJECTION, case, people.officer, dt.date(2010, 6, 9), reason="無")
    after = compose.compose(LetterKind.REJECTION, case, people.officer, dt.date(2010, 6, 10), reason="無")
    assert "高雄縣議會" not in before.copies
    assert after.copies == "高雄縣旗山鎮公所、高雄縣議會"
    assert after.explanation[1:4] == ["未予補助之理由：", "　無。", "　　附註。"]
    row = LetterWords.objects.get()
    assert (row.starts_on, wording_of("miaoli", "rejection", dt.date(2011, 1, 1)).starts_on) == (
        dt.date(2010, 6, 10),
        None,
    )


def test_confirmed_late_it_begins_on_the_day_of_the_confirmation(people):
    values = filed()["rejection"].values() | {"copies": ["【業務單位】"]}
    change = wording.propose(people.officer, "kaohsiung", "rejection", services.Wish(values, dt.date(2010, 6, 1)))
    with clock.travel(dt.date(2010, 6, 8)):
        services.confirm(people.head, change)
    assert LetterWords.objects.get().starts_on == dt.date(2010, 6, 8)


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("explanation", OWN + "\n【市長】", "【市長】 不能用。這裡可以用的是 【計畫】"),
        ("explanation", OWN + "\n【理由", "【 不能用"),
        ("explanation", OWN + "\n{{ case.number }}", "「{{」是程式的寫法，公文裡不能用"),
        ("explanation", OWN + "\n{% if x %}", "是程式的寫法"),
        ("explanation", OWN + "\n<script>alert(1)</script>", "「&lt;script&gt;」是程式的寫法"),
        ("explanation", OWN + "\n\U0001f600", "\U0001f600"),
        ("explanation", "【復文】\n【訴願教示】", "這種公文一定要有 【理由】，請加回去。"),
        ("explanation", "【復文】【理由】", "這種公文一定要有 【訴願教示】"),
        ("explanation", "　【理由】\n【訴願教示】", "行首全形空白太多"),
        ("explanation", "【理由】\n　　子\n【訴願教示】", "行首全形空白太多"),
        ("subject", "【稱呼】【核定金額】", "【核定金額】 不能用"),
        ("copies", "【受文者】", "【受文者】 不能用"),
        ("starts_on", "99/5/31", "不能早於今天"),
        ("reason", "", "這個欄位是必須的"),
    ],
)
def test_bad_input_has_its_sentence_at_its_field_and_nothing_is_lost(people, client, field, text, sentence):
    client.force_login(people.officer)
    answer = client.post(EDIT, typed(**{field: text}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page or field == "reason"
    assert field in answer.context["form"].errors
    assert "高雄縣議會" in page or field == "copies"
    assert not Change.objects.exists()


def test_a_mark_that_may_have_no_value_has_no_place_in_the_subject(people, client):
    client.force_login(people.officer)
    address = reverse("grants:letter_words_edit", args=["kaohsiung", "settlement_accepted"])
    row = filed()["settlement_accepted"]
    values = {
        "subject": "【請領說明】【核銷結果】",
        "explanation": row.explanation,
        "reason": "甲",
        "starts_on": "99/6/1",
    }
    page = client.post(address, values).content.decode()
    assert "【請領說明】 有些案件沒有內容，不能放在主旨" in page


def test_the_preview_follows_the_typing_and_is_a_real_pdf(people, client):
    client.force_login(people.officer)
    live = client.post(EDIT, typed(reason="", subject="甲【計畫】"), headers={"Accept": "application/json"}).json()
    assert "甲長者共餐與健康促進計畫" in live["parts"]["preview-text"]
    wrong = client.post(EDIT, typed(subject="【甲】"), headers={"Accept": "application/json"}).json()
    assert (list(wrong["errors"]), wrong["parts"]) == (["subject"], {})
    assert client.post(EDIT, typed(pdf="1")).content.startswith(b"%PDF")
    assert not Change.objects.exists()


def test_the_memo_is_previewed_as_the_memo_that_is_printed(people, client):
    """A 簽 with the boxes to sign in, not a 函; before and after somebody typed."""
    client.force_login(people.officer)
    row, edit = filed()["memo"], reverse("grants:letter_words_edit", args=["kaohsiung", "memo"])
    words = {"subject": row.subject, "explanation": row.explanation, "action": "擬予同意。", "copies": ""}
    of_typed = client.post(edit, {**words, "starts_on": "99/6/1", "reason": "照審計意見", "pdf": "1"})
    of_today = client.get(edit.replace("edit/", "specimen.pdf"))
    real = memo.paper(people.officer, reviews.proposed(people).application)
    papers = [text_of_pdf(data) for data in (of_typed.content, of_today.content, real)]
    for words_of_layout in ("會核與決行", "決行", "建議核定經費", "簽於"):
        assert [words_of_layout in text for text in papers] == [True] * 3
    assert ["受文者" in text or "函（稿）" in text for text in papers] == [False] * 3
    assert "擬予同意" in papers[0]


def test_two_officers_at_once_the_second_is_told_that_one_waits(people, client):
    client.force_login(people.officer)
    client.post(EDIT, typed())
    client.force_login(people.head)
    page = client.post(EDIT, typed(copies="【公所】")).content.decode()
    assert "這項資料已經有一件變更等人確認" in page
    assert Change.objects.count() == 1


def test_another_county_s_words_are_not_found(people, client):
    client.force_login(people.officer)
    assert client.get(EDIT.replace("kaohsiung", "miaoli")).status_code == 404
    assert client.get(EDIT.replace("rejection", "nothing")).status_code == 404
