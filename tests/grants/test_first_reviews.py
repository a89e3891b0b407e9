"""The township's first review on its page: its checklist, its opinion, its letter, days held, and who reads them."""

import datetime as dt

import pytest

from grants.enums import ApplicationStatus as S
from grants.models import FirstReview
from grants.services.reviews import checks, first_reviews, proposals, reviewers
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import Notice
from tests.factories import reviews
from tests.factories.accounts import person
from tests.factories.communities import QISHAN, chair_of
from tests.factories.grants import SchemeFactory, terms_of

from .deciding import address
from .pages import fresh, signed_in, text_of

pytestmark = pytest.mark.django_db

TODAY = dt.date(2010, 6, 1)
ITEMS, WORDS = ["會址在本鎮", "附件齊全"], ["建議補助", "不建議補助"]


@pytest.fixture
def clerk():
    return person(Role.TOWNSHIP_OFFICER, township_code=QISHAN)


@pytest.fixture
def case():
    terms = terms_of(SchemeFactory(), township_first=True, first_review_items=ITEMS, first_review_words=WORDS)
    day = dt.date(2010, 5, 20)
    columns = {"first_filed_on": day, "status_since": day, "filed_under": terms}
    return reviews.filed(status=S.TOWNSHIP_REVIEW, **columns)


def post(client, case, command, **values):
    data = {"edition": fresh(case).edition, "command": command, "item-0": "accepted", "item-1": "accepted"}
    return client.post(address(case, "forward"), data | {"recommended": "true"} | values)


def test_the_county_s_own_items_and_words_are_asked_and_the_days_are_told(case, clerk):
    page = text_of(signed_in(clerk).get(address(case, "forward")))
    assert all(word in page for word in (*ITEMS, *WORDS, "在公所已 12 天"))


def test_what_is_missing_is_marked_at_each_item_and_linked_on_top(case, clerk):
    answer = post(signed_in(clerk), case, "forward", **{"item-0": "", "item-1": "", "recommended": ""})
    page = text_of(answer)
    assert answer.status_code == 422
    assert all(f'href="#div_id_item-{place}"' in page and f'id="div_id_item-{place}"' in page for place in (0, 1))
    assert "請選一個" in page
    assert fresh(case).status == S.TOWNSHIP_REVIEW


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"recommended": "false"}, "remarks"),
        ({"item-1": "refused", "note-1": "缺名冊"}, "remarks"),
        ({"item-1": "refused", "remarks": "x"}, "note-1"),
        ({"letter_number": "旗鎮社字第1號"}, "letter_number"),
        ({"letter_on": "99/5/24"}, "letter_number"),
        ({"letter_number": "旗鎮社字第1號", "letter_on": "99/6/2"}, "letter_number"),
        ({"letter_number": "旗鎮社字第1號", "letter_on": "99/5/19"}, "letter_number"),
        ({"letter_number": "旗鎮社字第1號", "letter_on": "昨天"}, "letter_on"),
    ],
)
def test_what_cannot_be_right_is_a_sentence_at_its_field_and_nothing_is_lost(case, clerk, typed, field):
    answer = post(signed_in(clerk), case, "forward", **typed)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert all(value in text_of(answer) for value in typed.values())
    assert not FirstReview.objects.exists()


def test_the_opinion_goes_on_to_officer_reviewer_and_approver_and_not_to_the_association(people, case, clerk):
    letter = {"letter_number": "旗鎮社字第0990001234號", "letter_on": "99/5/24", "remarks": "辦理多年"}
    answer = post(signed_in(clerk), case, "forward", **letter)
    assert (answer.status_code, fresh(case).status) == (302, S.SUBMITTED)
    review = FirstReview.objects.get()
    assert (review.opinion, review.days_held, review.forwarded_on, review.forwarded_by) == (
        "建議補助",
        12,
        TODAY,
        clerk,
    )
    assert Notice.objects.filter(recipient=people.officer, kind="application.forwarded").exists()
    shown = ("建議補助", "旗鎮社字第0990001234號", "辦理多年", "在公所 12 天")
    received = checks.receive(people.officer, fresh(case))
    reviewers.assign(people.officer, received, [people.reviewer], due_on=dt.date(2010, 6, 20))
    reviewers.declare(people.reviewer, received.assignments.get(), "none", "")
    pages = [(clerk, ""), (people.officer, ""), (people.officer, "check/"), (people.reviewer, "review/")]
    checked = reviews.checked(people, fresh(case))
    proposals.propose_rejection(people.officer, checked, note="不符", edition=checked.edition)
    for reader, page in [*pages, (people.head, "decision/")]:
        text = text_of(signed_in(reader).get(f"/applications/{case.number}/{page}"))
        assert all(words in text for words in shown), (reader, page)
    own = text_of(signed_in(chair_of(case.organisation)).get(f"/applications/{case.number}/"))
    assert not any(words in own for words in shown)


def test_a_return_begins_with_what_was_not_met(case, clerk):
    client = signed_in(clerk)
    answer = post(client, case, "return", **{"item-1": "refused", "note-1": "缺名冊", "recommended": ""})
    assert answer.url == address(case, "correction")
    assert "附件齊全：缺名冊" in text_of(client.get(answer.url))


def test_the_letter_may_come_later_from_either_office(people, case, clerk):
    with pytest.raises(Refused):
        first_reviews.keep_letter(clerk, case, "旗鎮社字第1號", TODAY)
    reviews.forwarded(clerk, case)
    data = {"letter_number": "旗鎮社字第1號", "letter_on": "99/5/24"}
    answer = signed_in(people.officer).post(address(case, "township-letter"), data)
    assert answer.status_code == 302
    refused = signed_in(clerk).post(address(case, "township-letter"), data | {"letter_on": "99/6/2"})
    assert "函轉日期還沒到" in text_of(refused)
    assert FirstReview.objects.get().letter_on == dt.date(2010, 5, 24)


def test_of_two_clerks_the_later_one_is_told(case, clerk):
    edition = case.edition
    first_reviews.save(clerk, case, reviews.opinion(case), edition=edition)
    answer = post(signed_in(clerk), case, "save", edition=edition, remarks="再看一次")
    assert (answer.status_code, "再看一次" in text_of(answer)) == (409, True)
    with pytest.raises(Refused):
        first_reviews.forward(clerk, case, first_reviews.Opinion(), edition=fresh(case).edition)
