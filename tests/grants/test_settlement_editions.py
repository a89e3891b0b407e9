"""Two members of one association at one 結報: nobody's figures are written over unseen, nothing typed is lost."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from grants.models import Settlement
from grants.services.applications.drafts import StaleError
from grants.services.settlements.reports import Report, Spent, save, submit
from grants.services.settlements.surcharges import Attendance
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.models import AuditEntry
from tests.factories.accounts import PostFactory, UserFactory
from tests.factories.money import approved, county, member
from tests.grants.attending import COURSES, monthly_report, station
from tests.grants.settling import add_papers, opened, report
from tests.grants.test_views_settlements import at, figures

HANDS = 8


@pytest.fixture
def award():
    return approved(staff=county())


def colleague(award):
    """Another member of the same association."""
    post = PostFactory(user=UserFactory(), role=Role.MEMBER, organisation_id=award.application.organisation_id)
    return post.user


def saves() -> int:
    return AuditEntry.objects.filter(action="settlement.save").count()


@pytest.mark.django_db
class TestTheService:
    def test_a_stale_page_that_says_something_else_is_refused(self, award):
        settlement = opened(award, member(award))
        save(member(award), settlement, report(settlement, 70_000, 40_000), edition=1)
        with pytest.raises(StaleError):
            save(colleague(award), settlement, report(settlement, 70_000, 30_000), edition=1)
        assert ([line.spent for line in settlement.lines.all()], saves()) == ([70_000, 40_000], 1)
        again = save(colleague(award), settlement, report(settlement, 70_000, 30_000), edition=2)
        assert (again.edition, [line.spent for line in settlement.lines.all()]) == (3, [70_000, 30_000])

    def test_the_same_page_twice_is_one_step(self, award):
        settlement = opened(award, member(award))
        for _press in range(2):
            kept = save(member(award), settlement, report(settlement, 70_000, 40_000), edition=1)
        assert (kept.edition, saves()) == (2, 1)

    @pytest.mark.parametrize("field", ["outcome", "people", "receipts"])
    def test_each_field_of_it_counts(self, award, field):
        settlement = opened(award, member(award))
        line = settlement.lines.first()
        data = {
            "outcome": Report("辦了 20 場", None, {}),
            "people": Report("", 640, {}),
            "receipts": Report("", None, {line.pk: Spent(None, 3)}),
        }[field]
        assert save(member(award), settlement, data, edition=1).edition == 2
        with pytest.raises(StaleError):
            save(member(award), settlement, Report(lines={line.pk: Spent(1, 1)}), edition=1)

    def test_the_months_count_as_well(self):
        award = station(county())
        settlement = opened(award, member(award))
        march = (COURSES, "2010-03")
        save(member(award), settlement, monthly_report(settlement, {march: Attendance(20, 10, 5_000)}), edition=1)
        with pytest.raises(StaleError):
            other = monthly_report(settlement, {march: Attendance(20, 12, 5_000)})
            save(colleague(award), settlement, other, edition=1)
        assert settlement.months.get(part=COURSES, month="2010-03").payers == 10

    def test_a_stale_page_is_not_sent_either(self, award):
        settlement = opened(award, member(award))
        add_papers(settlement, member(award))
        save(member(award), settlement, report(settlement, 70_000, 40_000), edition=1)
        with pytest.raises(StaleError):
            submit(colleague(award), settlement, report(settlement, 80_000, 40_000), edition=1)
        settlement.refresh_from_db()
        assert (settlement.status, settlement.lines.first().spent) == ("draft", 70_000)
        sent = submit(colleague(award), settlement, report(settlement, 80_000, 40_000), edition=2)
        assert sent.status == "submitted"


@pytest.mark.django_db
class TestThePage:
    def test_of_two_windows_both_texts_are_shown_and_nothing_is_saved_before_one_is_chosen(self, award):
        settlement = opened(award, member(award))
        first, second = Client(), Client()
        first.force_login(member(award))
        second.force_login(colleague(award))
        shown = [client.get(at(award)).context for client in (first, second)]
        assert [context["edition"] for context in shown] == [1, 1]
        seen = shown[1]["seen"]
        assert first.post(at(award, "report"), figures(settlement, "70,000", "40,000", seen=seen)).status_code == 302
        data = figures(settlement, "75,000", "", seen=seen)
        refused = second.post(at(award, "report"), data)
        text = refused.content.decode()
        assert (refused.status_code, "75,000" in text, "70,000" in text) == (409, True, True)
        assert [line.spent for line in settlement.lines.all()] == [70_000, 40_000]
        key = f"line-{settlement.lines.first().pk}-spent"
        more = {"edition": refused.context["edition"], "conflict-of": key, f"conflict:{key}": "mine"}
        assert second.post(at(award, "report"), data | {"seen": refused.context["seen"]} | more).status_code == 302

    def test_what_only_the_other_changed_is_taken_over(self, award):
        settlement = opened(award, member(award))
        seen = settlement_seen(award)
        first, second = Client(), Client()
        first.force_login(member(award))
        second.force_login(colleague(award))
        assert first.post(at(award, "report"), figures(settlement, "70,000", "", seen=seen)).status_code == 302
        assert second.post(at(award, "report"), figures(settlement, "", "30,000", seen=seen)).status_code == 302
        assert [line.spent for line in settlement.lines.all()] == [70_000, 30_000]

    def test_what_was_saved_while_sending_too_early_does_not_make_the_page_stale(self, award, client):
        settlement = opened(award, member(award))
        client.force_login(member(award))
        early = client.post(at(award, "report"), figures(settlement, "70,000", "", command="submit"))
        assert early.status_code == 422
        add_papers(settlement, member(award))
        edition = early.context["edition"]
        data = figures(settlement, "70,000", "40,000", command="submit", edition=str(edition))
        assert (edition, client.post(at(award, "report"), data).status_code) == (2, 302)
        assert Settlement.objects.get().status == "submitted"

    def test_what_cannot_be_read_stays_at_its_field_and_all_else_is_saved(self, award, client):
        settlement = opened(award, member(award))
        client.force_login(member(award))
        answer = client.post(at(award, "report"), figures(settlement, "70,000", "四萬"))
        assert (answer.status_code, 'value="四萬"' in answer.content.decode()) == (422, True)
        assert [line.spent for line in settlement.lines.all()] == [70_000, None]

    def test_a_figure_that_cannot_be_read_does_not_empty_what_is_stored(self, award, client):
        settlement = opened(award, member(award))
        save(member(award), settlement, report(settlement, 70_000, 40_000), edition=1)
        client.force_login(member(award))
        client.post(at(award, "report"), figures(settlement, "71,000", "四萬", edition="2"))
        assert [line.spent for line in settlement.lines.all()] == [71_000, 40_000]

    def test_while_typing_the_sums_and_the_forecast_come_back(self, award, client):
        settlement = opened(award, member(award))
        client.force_login(member(award))
        data = figures(settlement, "82,000元", "40,000")
        answer = client.post(at(award, "report"), data, headers={"Accept": "application/json"})
        data = answer.json()
        assert (answer.status_code, data["edition"]) == (200, 2)
        first = settlement.lines.first()
        assert "自付 2,000" in data["parts"][f"own-{first.pk}"]
        for words in ("122,000", "約 120,000 元"):
            assert words in data["parts"]["forecast"]

    def test_it_is_filled_in_before_the_project_is_over_and_sent_afterwards(self, award, client):
        client.force_login(member(award))
        assert "先開始填結報" in client.get(at(award)).content.decode()
        assert client.post(at(award, "start")).status_code == 302
        settlement = Settlement.objects.get()
        assert client.post(at(award, "report"), figures(settlement, "70,000", "40,000")).status_code == 302
        assert [line.spent for line in settlement.lines.all()] == [70_000, 40_000]
        refused = client.post(
            at(award, "report"), figures(settlement, "70,000", "40,000", edition="2", command="submit")
        )
        assert (refused.status_code, Settlement.objects.get().status) == (403, "draft")


def settlement_seen(award) -> str:
    client = Client()
    client.force_login(member(award))
    return client.get(at(award)).context["seen"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
def test_of_many_who_save_at_once_one_is_kept_and_the_others_are_told(award):
    user = member(award)
    settlement = opened(award, user)
    reports = [report(settlement, 70_000 + number, 40_000) for number in range(HANDS)]
    barrier = Barrier(HANDS, timeout=120)

    def press(number: int) -> str:
        try:
            barrier.wait()
            save(user, settlement, reports[number], edition=1)
            return str(70_000 + number)
        except StaleError:
            return "stale"
        finally:
            connection.close()

    with ThreadPoolExecutor(HANDS) as pool:
        answers = Counter(pool.map(press, range(HANDS)))
    assert answers == {"stale": HANDS - 1, str(settlement.lines.first().spent): 1}
    settlement.refresh_from_db()
    assert (settlement.edition, saves()) == (2, 1)
