"""A third county's case from its first line to its last dollar, under a law that was filed as data and no line of Python."""

import datetime as dt
from uuid import uuid4

import pytest

from grants.models import Application, Award, Document, Instalment
from grants.queries.settlements.figures import own_share_asked
from grants.services.applications import drafts, filing
from grants.services.applications.drafts import BudgetChange
from grants.services.awards import decisions
from grants.services.payments import instalments
from grants.services.reviews import checks, proposals
from grants.services.settlements import reports
from grants.services.settlements.reports import Report, Spent
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from tests.factories import letters, reviews
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, chair_of, member_of
from tests.factories.grants import ApplicationFactory, EnvelopeFactory

from .filing import stored_file
from .law_filing import TAITUNG_CITY, file_law, scheme_of_the_example, third_county
from .settling import add_papers, admit, tell

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    county = third_county()
    file_law(county)
    EnvelopeFactory(scheme=scheme_of_the_example())
    staff = reviews.staff(county)
    staff.cashier = person(Role.FINANCE_OFFICER, county)
    staff.township = person(Role.TOWNSHIP_OFFICER, county, township_code=TAITUNG_CITY, place_name="公所")
    staff.body = OrganisationFactory(
        county=county, township_id=TAITUNG_CITY, name="臺東縣臺東市示範社區發展協會", registration_county="臺東縣"
    )
    staff.member, staff.chair = member_of(staff.body), chair_of(staff.body)
    return staff


def draft(people) -> Application:
    return ApplicationFactory(
        number="TT-099-0001",
        programme=scheme_of_the_example().programmes.get(code="tt_course"),
        organisation=people.body,
        created_by=people.member,
        title="社區識字班",
        goal="讓長輩認字",
        content="每週上課",
        beneficiaries="社區長輩",
        contact_name="王示範",
        contact_phone="089-326141",
        service_area=[TAITUNG_CITY],
        answers={"tt_open_to_all": True},
        starts_on=dt.date(2010, 6, 15),
        ends_on=dt.date(2010, 6, 30),
    )


def add(people, case: Application, item: str, **values) -> None:
    case.refresh_from_db()
    drafts.save_budget(people.member, case, BudgetChange(command="add", argument=item), edition=case.edition)
    case.refresh_from_db()
    drafts.save_budget(people.member, case, BudgetChange({case.lines.last().pk: values}), edition=case.edition)
    case.refresh_from_db()


def attach(people, case: Application, *kinds: str) -> None:
    for kind in kinds:
        Document.objects.create(
            application=case, kind=kind, file=stored_file(people.member), added_by=people.member, added_on=clock.today()
        )


def main_of(client, user, address: str) -> str:
    client.force_login(user)
    answer = client.get(address)
    assert answer.status_code == 200, address
    text = answer.content.decode()
    return text[text.index("<main") : text.index("</main")]


def file(people, case: Application) -> Application:
    case.refresh_from_db()
    filing.file(people.chair, case, uuid4(), edition=case.edition)
    case.refresh_from_db()
    return case


def test_from_the_form_to_the_last_payment(people, client):
    case = draft(people)
    add(people, case, "tt_lecturer", requested=4_801, own_funds=500, quantities={"hours": "3", "in_house": False})
    add(people, case, "tt_meals", requested=4_000, own_funds=0, quantities={"persons": "50"})
    at = f"/applications/{case.number}"

    budget = main_of(client, people.member, f"{at}/budget/")
    assert "外聘講師每小時最高 1,600 元：3 小時 × 1,600 = 4,800 元，超出 1 元。" in budget
    assert "改為上限 4,800 元" in budget
    assert "臨時人員費" in budget
    assert "專家出席費" not in budget
    assert "課程表" in main_of(client, people.member, f"{at}/edit/documents/")
    assert "活動開放民眾參加嗎？" in main_of(client, people.member, f"{at}/edit/project/")
    with pytest.raises(Refused):
        file(people, case)

    line = case.lines.first()
    drafts.save_budget(people.member, case, BudgetChange({line.pk: {"requested": 4_800}}), edition=case.edition)
    with pytest.raises(Refused):
        file(people, case)
    attach(people, case, "tt_plan", "tt_registration", "tt_timetable")
    assert file(people, case).status == "township_review"

    case = decided(people, case, client)
    award = Award.objects.get(application=case)
    settled(people, award, client)
    award.refresh_from_db()
    assert (award.status, award.total) == ("closed", 8_800)
    assert Instalment.objects.get(award=award).clause == "TT8"


def decided(people, case: Application, client) -> Application:
    case = checks.receive(people.officer, reviews.forwarded(people.township, case))
    assert "課程表" in main_of(client, people.officer, f"/applications/{case.number}/check/")
    case = reviews.checked(people, case)
    wanted = {line.pk: (line.requested, "") for line in case.lines.all()}
    assert "第五點（三）" in main_of(client, people.officer, f"/schemes/{case.scheme.slug}/law/?chapter=all")
    proposal = proposals.propose(people.officer, case, wanted, note="", edition=case.edition)
    award = decisions.approve(people.head, proposal.application)
    letter = award.application.letters.get()
    assert "臺東縣補助民間團體社區活動要點（範例）" in "".join(letter.explanation) + str(letter.context)
    letters.issued(people.officer, letter, "府社區字第0990000001號")
    return award.application


def settled(people, award: Award, client) -> None:
    with clock.travel(dt.date(2010, 7, 1)):
        settlement = reports.register_completion(people.member, award, dt.date(2010, 6, 30))
        assert own_share_asked(settlement)
        # 31 July is a Saturday.
        assert award.deadlines.get(kind="settlement").due_on == dt.date(2010, 8, 2)
        add_papers(settlement, people.member)
        spent = {line.pk: Spent(amount, 1) for line, amount in zip(settlement.lines.all(), (4_800, 4_000), strict=True)}
        reports.submit(people.member, settlement, Report("辦理 3 場", 50, spent, own_funds=500))
        reports.check_sums(people.finance, settlement, admit(settlement, 4_800, 4_000))
        reports.check_content(people.officer, settlement)
        reports.accept(people.head, settlement)
        tell(award, people)
        only = award.instalments.get()
        instalments.request_payment(people.officer, only, receipt_number="1")
        instalments.approve_payment(people.head, only)
        instalments.pay(people.cashier, only, voucher_number="1")
    assert "TT8" in main_of(client, people.officer, f"/awards/{award.number}/")
