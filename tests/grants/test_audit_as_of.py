"""On the day of each step the case of that day is shown: what it said then, and nothing that came later."""

import datetime as dt

import pytest

from grants.models import Application
from grants.queries.audit.as_of import as_of, days_of
from grants.queries.payments import Movements, movements
from grants.services.awards import decisions
from grants.services.payments import instalments
from grants.services.reviews import checks, proposals
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lib import clock
from tests.factories import money, reviews
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, chair_of
from tests.factories.grants import EnvelopeFactory
from tests.grants.filing import filed_case

pytestmark = pytest.mark.django_db
FIRST = dt.date(2010, 5, 3)


def on(n: int) -> dt.date:
    return FIRST + dt.timedelta(days=n)


def seen(case: Application) -> tuple:
    """What the portal shows of the case now."""
    case = Application.objects.select_related("award").get(pk=case.pk)
    award = getattr(case, "award", None)
    parts = (
        [(part.number, str(part.get_status_display())) for part in award.instalments.order_by("number")]
        if award
        else []
    )
    return (
        case.get_status_display(),
        award.total if award else None,
        str(award.get_status_display()) if award else "",
        movements(award) if award else Movements(0, 0, 0, 0),
        parts,
        sorted(case.documents.values_list("file__name", flat=True)),
    )


def then(case: Application, day: dt.date) -> tuple:
    case = Application.objects.select_related("award").get(pk=case.pk)
    found = as_of(case, day)
    return (
        found.status,
        found.approved,
        found.award_status,
        found.money,
        found.instalments,
        sorted(file for _name, file in found.papers),
    )


def test_on_the_day_of_each_step_it_is_what_was_shown_then():
    people, shown = money.county(), {}
    organisation = OrganisationFactory()
    with clock.travel(on(0)):
        case = filed_case(organisation, chair_of(organisation))
        shown[on(0)] = seen(case)
    EnvelopeFactory(scheme=case.scheme)
    with clock.travel(on(1)):
        checks.receive(people.officer, case)
        shown[on(1)] = seen(case)
    with clock.travel(on(2)):
        checked = reviews.checked(people, Application.objects.get(pk=case.pk))
        shown[on(2)] = seen(case)
    with clock.travel(on(3)):
        lines = {line.pk: (line.requested, "") for line in checked.lines.all()}
        proposals.propose(people.officer, checked, lines, note="", edition=checked.edition)
        award = decisions.approve(people.head, Application.objects.get(pk=case.pk))
        shown[on(3)] = seen(case)
    assert {day: then(case, day) for day in shown} == shown
    assert len({str(value) for value in shown.values()}) == len(shown)
    # Between two steps it is what it was after the earlier one; before the first there is nothing.
    assert then(case, on(4)) == shown[on(3)]
    assert as_of(case, on(-1)).status == ""
    assert [day for day in days_of(case) if day in shown] == sorted(shown, reverse=True)
    held = [as_of(case, on(n)) for n in (0, 1)]
    assert [one.holder for one in held] == ["縣府，尚未收件", f"縣府承辦人 {people.officer}"]
    assert [line.approved for line in as_of(case, on(2)).lines] == [None] * case.lines.count()
    assert sum(line.approved for line in as_of(case, on(3)).lines) == award.total


def test_money_is_what_had_moved_by_then():
    people, shown = money.county(), {}
    with clock.travel(on(0)):
        award = money.approved(staff=people)
        first = award.instalments.get(number=1)
    before = as_of(award.application, on(4)).money
    with clock.travel(on(5)):
        instalments.request_payment(people.officer, first, receipt_number="1")
        instalments.approve_payment(people.head, first)
        shown[on(5)] = ("已核付", 0)
    with clock.travel(on(6)):
        instalments.pay(people.cashier, first, voucher_number="1")
        shown[on(6)] = ("已撥付", movements(award).paid)
    found = {day: as_of(award.application, day) for day in shown}
    assert {day: (row.instalments[0][1], row.money.paid) for day, row in found.items()} == shown
    assert shown[on(6)][1] == first.amount
    assert before.paid == 0


def test_the_page_is_for_the_auditor_of_the_county(client):
    organisation = OrganisationFactory()
    case = filed_case(organisation, chair_of(organisation))
    client.force_login(person(Role.AUDITOR))
    page = client.get(f"/audit/cases/{case.number}/?day={clock.today()}").content.decode()
    assert "99年6月1日結束時的案件" in page
    assert "已送件" in page
    assert "這一天還沒有這一件" in client.get(f"/audit/cases/{case.number}/?day=99/5/31").content.decode()
    assert "看不懂這個日期" in client.get(f"/audit/cases/{case.number}/?day=abc").content.decode()
    client.force_login(person(Role.AUDITOR, "miaoli"))
    assert client.get(f"/audit/cases/{case.number}/").status_code == 404
    client.force_login(person(Role.APPROVER))
    assert client.get(f"/audit/cases/{case.number}/").status_code == 403
