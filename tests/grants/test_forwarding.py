"""What the township's office sends to the county, and how later letters name it."""

import datetime as dt

import pytest

from grants.enums import ApplicationStatus as S
from grants.enums import LetterKind
from grants.letters.compose import compose
from grants.models import CorrectionRequest, FirstReview
from grants.queries.applications import forwarding
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories import reviews
from tests.factories.accounts import person
from tests.factories.grants import SchemeFactory

pytestmark = pytest.mark.django_db

QISHAN = "10014020"
TODAY = dt.date(2010, 6, 1)


@pytest.fixture
def case():
    SchemeFactory(township_first=True)
    return reviews.filed(status=S.SUBMITTED, first_filed_on=dt.date(2010, 5, 20))


def forwarded(case, **columns):
    office = person(Role.TOWNSHIP_OFFICER, township_code=case.township_code)
    values = {"recommended": True, "opinion": "推薦", "saved_by": office, "forwarded_by": office, "forwarded_on": TODAY}
    return FirstReview.objects.create(application=case, **values | columns)


def test_a_letter_cites_the_letter_of_the_township(case):
    officer = person(Role.CASE_OFFICER)
    assert "復高雄縣旗山鎮公所層轉貴會99年5月20日申請書" in first_sentence(case, officer)
    forwarded(case, letter_number="旗鎮社字第0990001234號", letter_on=dt.date(2010, 5, 24))
    case.refresh_from_db()
    assert "復高雄縣旗山鎮公所99年5月24日旗鎮社字第0990001234號函轉貴會99年5月20日申請書" in first_sentence(
        case, officer
    )


def first_sentence(case, officer):
    return compose(LetterKind.REJECTION, case, officer, TODAY, reason="不符").explanation[0]


def test_a_review_that_was_only_begun_forwards_nothing(case):
    forwarded(case, forwarded_on=None)
    assert forwarding.first_review_of(case) is not None
    assert forwarding.forwarding_of(case) is None


def test_days_of_correcting_are_not_days_of_the_office(case):
    asked = {"application": case, "version": case.versions.get(), "items": "補章", "requested_by": case.created_by}
    days = {"requested_on": dt.date(2010, 5, 22), "answered_on": dt.date(2010, 5, 27)}
    CorrectionRequest.objects.create(by_township=True, **asked, **days)
    assert forwarding.days_held(case, TODAY) == 12 - 5
