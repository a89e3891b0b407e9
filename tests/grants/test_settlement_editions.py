"""Two members of one association at one 結報: nobody's figures are written over unseen, nothing typed is lost."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from grants.models import Settlement
from grants.services import settlements
from grants.services.applications import StaleError
from grants.services.settlements import Report, Spent
from grants.services.surcharges import Attendance
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.models import AuditEntry
from tests.factories.accounts import PostFactory, UserFactory
from tests.factories.money import approved, county, member
from tests.grants.test_services_settlements import add_papers, opened, report
from tests.grants.test_settlement_surcharges import COURSES, station, told
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
        settlements.save(member(award), settlement, report(settlement, 70_000, 40_000), edition=1)
        with pytest.raises(StaleError):
            settlements.save(colleague(award), settlement, report(settlement, 70_000, 30_000), edition=1)
        assert ([line.spent for line in settlement.lines.all()], saves()) == ([70_000, 40_000], 1)
        again = settlements.save(colleague(award), settlement, report(settlement, 70_000, 30_000), edition=2)
        assert (again.edition, [line.spent for line in settlement.lines.all()]) == (3, [70_000, 30_000])

    def test_the_same_page_twice_is_one_step(self, award):
        settlement = opened(award, member(award))
        for _press in range(2):
            kept = settlements.save(member(award), settlement, report(settlement, 70_000, 40_000), edition=1)
        assert (kept.edition, saves()) == (2, 1)

    @pytest.mark.parametrize("field", ["outcome", "people", "receipts"])
    def test_each_field_of_it_counts(self, award, field):
        settlement = opened(award, member(award))
        line = settlement.lines.first()
        told = {
            "outcome": Report("辦了 20 場", None, {}),
            "people": Report("", 640, {}),
            "receipts": Report("", None, {line.pk: Spent(None, 3)}),
        }[field]
        assert settlements.save(member(award), settlement, told, edition=1).edition == 2
        with pytest.raises(StaleError):
            settlements.save(member(award), settlement, Report(lines={line.pk: Spent(1, 1)}), edition=1)

    def test_the_months_count_as_well(self):
        award = station(county())
        settlement = opened(award, member(award))
        march = (COURSES, "2010-03")
        settlements.save(member(award), settlement, told(settlement, {march: Attendance(20, 10, 5_000)}), edition=1)
        with pytest.raises(StaleError):
            other = told(settlement, {march: Attendance(20, 12, 5_000)})
            settlements.save(colleague(award), settlement, other, edition=1)
        assert settlement.months.get(part=COURSES, month="2010-03").payers == 10

    def test_a_stale_page_is_not_sent_either(self, award):
        settlement = opened(award, member(award))
        add_papers(settlement, member(award))
        settlements.save(member(award), settlement, report(settlement, 70_000, 40_000), edition=1)
        with pytest.raises(StaleError):
            settlements.submit(colleague(award), settlement, report(settlement, 80_000, 40_000), edition=1)
        settlement.refresh_from_db()
        assert (settlement.status, settlement.lines.first().spent) == ("draft", 70_000)
        sent = settlements.submit(colleague(award), settlement, report(settlement, 80_000, 40_000), edition=2)
        assert sent.status == "submitted"


@pytest.mark.django_db
class TestThePage:
    def test_the_second_of_two_sessions_keeps_what_it_typed_and_may_send_it_again(self, award):
        settlement = opened(award, member(award))
        first, second = Client(), Client()
        first.force_login(member(award))
        second.force_login(colleague(award))
        shown = [client.get(at(award)).context["report_form"]["edition"].value() for client in (first, second)]
        assert shown == [1, 1]
        assert first.post(at(award, "report"), figures(settlement, "70,000", "40,000")).status_code == 302
        refused = second.post(at(award, "report"), figures(settlement, "70,000", "30,000"))
        text = refused.content.decode()
        assert (refused.status_code, text.count("已經在別的視窗或由別的同仁存過"), 'value="30,000"' in text) == (
            409,
            1,
            True,
        )
        assert [line.spent for line in settlement.lines.all()] == [70_000, 40_000]
        edition = refused.context["report_form"]["edition"].value()
        assert edition == 2
        told = figures(settlement, "70,000", "30,000", edition=str(edition))
        assert second.post(at(award, "report"), told).status_code == 302
        assert [line.spent for line in settlement.lines.all()] == [70_000, 30_000]

    def test_what_was_saved_while_sending_too_early_does_not_make_the_page_stale(self, award, client):
        settlement = opened(award, member(award))
        client.force_login(member(award))
        early = client.post(at(award, "report"), figures(settlement, "70,000", "", command="submit"))
        assert early.status_code == 422
        add_papers(settlement, member(award))
        edition = early.context["report_form"]["edition"].value()
        told = figures(settlement, "70,000", "40,000", command="submit", edition=str(edition))
        assert (edition, client.post(at(award, "report"), told).status_code) == (2, 302)
        assert Settlement.objects.get().status == "submitted"

    @pytest.mark.parametrize("edition", ["", "abc", "-1"])
    def test_a_page_without_its_edition_saves_nothing(self, award, client, edition):
        settlement = opened(award, member(award))
        client.force_login(member(award))
        answer = client.post(at(award, "report"), figures(settlement, "70,000", "40,000", edition=edition))
        assert (answer.status_code, settlement.lines.first().spent) == (422, None)


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
def test_of_many_who_save_at_once_one_is_kept_and_the_others_are_told(award):
    user = member(award)
    settlement = opened(award, user)
    reports = [report(settlement, 70_000 + number, 40_000) for number in range(HANDS)]
    barrier = Barrier(HANDS, timeout=30)

    def press(number: int) -> str:
        try:
            barrier.wait()
            settlements.save(user, settlement, reports[number], edition=1)
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
