"""A number that the county rules is the same in the letter, the stored deadline, on the screen and in the law's own answer."""

import datetime as dt

import pytest

from grants.compliance.rulesets import ruleset_for
from grants.queries.settlements import surcharges
from grants.rules import payments
from grants.rules.ruleset import load
from grants.services.awards import decisions
from grants.services.reminders import deadlines
from grants.services.schemes.sync import sync
from grants.services.settlements import reports
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import clock, office_calendar
from tests.factories import letters, reviews
from tests.factories.communities import member_of
from tests.factories.grants import EnvelopeFactory

from .rulings import in_force

pytestmark = pytest.mark.django_db
TODAY = dt.date(2010, 6, 1)
# The plan ends on 2010-12-31: two months by 柒二, so the last day of February, which is a day off.
TWO_MONTHS = dt.date(2011, 3, 1)
TWENTY_DAYS = dt.date(2010, 6, 24)


@pytest.fixture
def case(people):
    """A case that waits for its decision, whose county has ruled on both terms."""
    case = reviews.proposed(people).application
    EnvelopeFactory(scheme=case.scheme)
    in_force(case.scheme, parameter="settlement.months", value={"value": 2}, on=TODAY)
    in_force(
        case.scheme, parameter="instalment.receipt_days", value={"value": 20}, on=TODAY, memo="府社字第0990000089號"
    )
    return case


def test_the_terms_of_an_approval(client, people, case):
    client.force_login(people.head)
    page = client.get(f"/applications/{case.number}/decision/").content.decode()
    assert "<dd>100年3月1日</dd>" in page
    assert "<dd>99年6月24日</dd>" in page
    award = decisions.approve(people.head, case)
    letter = letters.issued(people.officer, award.application.letters.get())
    text = "".join(letter.explanation)
    assert "文到20日內（99年6月24日前）檢送領據" in text
    assert "請於100年3月1日前檢送原始支出憑證" in text
    assert dict(award.deadlines.values_list("kind", "due_on")) == {
        "receipt": TWENTY_DAYS,
        "settlement": TWO_MONTHS,
    }


def test_deadlines_that_the_daily_job_makes(people, case):
    award = decisions.approve(people.head, case)
    letters.issued(people.officer, award.application.letters.get())
    award.deadlines.all().delete()
    with trail.unit_of_work(Actor.system("test")):
        assert deadlines.plan(clock.today()) == 2
    assert dict(award.deadlines.values_list("kind", "due_on")) == {
        "receipt": TWENTY_DAYS,
        "settlement": TWO_MONTHS,
    }


def test_the_settlement_after_an_early_end(client, people, case):
    award = decisions.approve(people.head, case)
    letters.issued(people.officer, award.application.letters.get())
    someone = member_of(case.organisation)
    client.force_login(someone)
    award.refresh_from_db()
    award.starts_on = dt.date(2010, 3, 1)
    award.save(update_fields=["starts_on"])
    assert "起算 2 個月內要送結報" in client.get(f"/settlements/{award.number}/").content.decode()
    reports.register_completion(someone, award, TODAY)
    ruleset = ruleset_for(case.scheme, TODAY)
    expected = payments.settlement_due(TODAY, office_calendar.published().is_workday, ruleset, TODAY).on
    assert expected == dt.date(2010, 8, 2)  # 1 August is a Sunday
    assert award.deadlines.get(kind="settlement").due_on == expected
    assert "99年8月2日" in client.get(f"/settlements/{award.number}/").content.decode()


def test_the_months_of_a_day_care_are_asked_for_in_the_ruled_numbers():
    ruleset = load("kaohsiung_88").with_rulings(
        [
            {"parameter": "surcharge.extra_share", "from": "2010-06-01", "value": [25, 100]},
            {"parameter": "day_care.users", "from": "2010-06-01", "value": 12},
        ]
    )
    rule, least = surcharges.in_words(ruleset, TODAY)
    assert "收費人數達總人數 1/2 的月份，當月費用加給 25%" in rule
    assert least == "平均服務人數不足 12 位的月份，請寫說明。"


def test_the_public_check_asks_for_the_ruled_years(client):
    scheme = next(one for one in sync() if one.slug == "kaohsiung-88")
    asked = "/check/?kind=national_nonprofit&county=kaohsiung&registered=no"
    assert "最近 3 年內在這個縣辦過這類計畫嗎" in client.get(asked).content.decode()
    in_force(scheme, parameter="eligibility.recent_years", value={"value": 5}, on=TODAY)
    assert "最近 5 年內在這個縣辦過這類計畫嗎" in client.get(asked).content.decode()


def test_what_a_ban_of_three_years_does_is_said_before_it_is_recorded(client, people, case):
    award = decisions.approve(people.head, case)
    letters.issued(people.officer, award.application.letters.get())
    in_force(case.scheme, parameter="ban.years", value={"value": 3}, on=TODAY, memo="府社字第0990000090號")
    client.force_login(people.officer)
    assert "下年度起 3 年不得申請" in client.get(f"/awards/{award.number}/sanction/").content.decode()
