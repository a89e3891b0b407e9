"""Property from accepted accounts: entered, kept, written off by two people, taken back; and what a case asks for again."""

from uuid import uuid4

import pytest

from communities.enums import OrganisationKind
from communities.models import CentreItem
from communities.services import centres
from grants.models import Award, PropertyItem
from grants.queries.assets import asked_again
from grants.queries.reviews.concerns import concerns_of
from grants.queries.schemes.envelopes import left_for
from grants.services.applications import filing
from grants.services.assets import keeping
from grants.services.settlements import reversing
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.changes import services
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, chair_of, member_of, township
from tests.factories.grants import (
    ApplicationFactory,
    BudgetLineFactory,
    EnvelopeFactory,
    ProgrammeFactory,
    SchemeFactory,
)
from tests.factories.money import approved
from tests.grants.filing import ready_case
from tests.grants.papers import text_of_pdf
from tests.grants.settling import accepted, paid_first

pytestmark = pytest.mark.django_db


def bought(staff, name: str = "投影機", body=None) -> Award:
    """An award of a projector for 40,000 and of other things for 10,000, settled."""
    award = approved(staff=staff, organisation=body or OrganisationFactory())
    award.lines.filter(position=1).update(item="equipment", description=name)
    paid_first(award, staff)
    accepted(award, staff, (40_000, 10_000))
    return award


def asking(body, *descriptions: str):
    case = ApplicationFactory(organisation=body)
    for place, text in enumerate(descriptions, 1):
        BudgetLineFactory(application=case, position=place, item="equipment", description=text)
    return case


def test_what_was_admitted_under_equipment_is_entered_once(staff):
    award = bought(staff)
    (item,) = PropertyItem.objects.all()
    assert (item.number, item.name, item.amount, item.organisation_id) == (
        f"{award.number}-01", "投影機", 40_000, award.application.organisation_id,
    )  # fmt: skip
    assert AuditEntry.objects.filter(action="property.enter").count() == 1


def test_it_leaves_with_its_account_and_comes_back_under_its_number(staff):
    award = bought(staff)
    user = member_of(award.application.organisation)
    keeping.keep(user, PropertyItem.objects.get(), place="二樓", keeper="王示範", years=5)
    change = reversing.ask(staff.finance, award.settlement, reversing.Ground("簽1", "重查"))
    services.confirm(staff.head, change)
    assert PropertyItem.objects.get().withdrawn_on == clock.today()
    with pytest.raises(Refused):
        keeping.keep(user, PropertyItem.objects.get(), place="一樓", keeper="王示範", years=5)


def test_the_body_says_where_it_stands_and_the_trail_names_no_keeper(staff):
    award = bought(staff)
    item, body = PropertyItem.objects.get(), award.application.organisation
    keeping.keep(member_of(body), item, place="二樓", keeper="王示範", years=5)
    item.refresh_from_db()
    assert (item.place, item.keeper, item.years) == ("二樓", "王示範", 5)
    assert "王示範" not in str(AuditEntry.objects.filter(action="property.keep").values_list("after", flat=True))
    with pytest.raises(Refused):
        keeping.keep(member_of(OrganisationFactory()), item, place="一樓", keeper="林", years=1)


def test_two_people_write_it_off(staff):
    award = bought(staff)
    item, user = PropertyItem.objects.get(), member_of(award.application.organisation)
    change = keeping.propose_write_off(user, item, "燈泡停產")
    item.refresh_from_db()
    assert item.written_off_on is None
    with pytest.raises(Refused):
        services.confirm(user, change)
    services.confirm(staff.officer, change)
    item.refresh_from_db()
    assert (item.written_off_on, item.written_off_because) == (clock.today(), "燈泡停產")
    with pytest.raises(Refused):
        keeping.propose_write_off(user, item, "再一次")


def test_equipment_that_is_asked_for_again_is_named_before_the_decision(staff):
    award = bought(staff)
    body = award.application.organisation
    case = asking(body, "投影機一台")
    sentence = asked_again(case)
    assert ("投影機" in sentence, award.number in sentence) == (True, True)
    assert "equipment" in [one.key for one in concerns_of(case)]
    assert asked_again(asking(OrganisationFactory(), "投影機一台")) == ""
    case.lines.update(description="冷氣機")
    assert asked_again(case) == ""
    case.lines.update(description="投影機")
    PropertyItem.objects.update(written_off_on=clock.today(), written_off_because="壞了")
    assert asked_again(case) == ""


def test_what_stands_in_the_townships_centre_is_named_to_its_own_application(staff):
    place = township()
    centre = centres.enter(staff.officer, place, name="溪畔活動中心", address="溪畔路1號")
    centres.put(staff.officer, centre, name="冷氣機", quantity=2, condition="repair")
    office = OrganisationFactory(kind=OrganisationKind.TOWNSHIP_OFFICE, township=place)
    assert asked_again(asking(office, "冷氣機三台")) == "活動中心的設備裡已經有：溪畔活動中心的冷氣機 2 件（待修）。"
    assert asked_again(asking(OrganisationFactory(township=place), "冷氣機三台")) == ""
    CentreItem.objects.update(gone_on=clock.today())
    assert asked_again(asking(OrganisationFactory(kind="township_office", township=place), "冷氣機三台")) == ""


def test_the_register_on_screen_and_on_paper(client, staff):
    award = bought(staff)
    body = award.application.organisation
    client.force_login(member_of(body))
    page = client.get(f"/registry/{body.pk}/property/").content.decode()
    assert [word in page for word in ("投影機", "40,000", "登錄地點、保管人")] == [True] * 3
    printed = text_of_pdf(client.get(f"/registry/{body.pk}/property/register.pdf").content)
    assert [word in printed for word in ("財產清冊", "投影機", f"{award.number}-01")] == [True] * 3
    client.force_login(person(Role.CASE_OFFICER))
    assert "投影機" in client.get("/property/").content.decode()
    client.force_login(person(Role.CASE_OFFICER, "miaoli"))
    assert (
        client.get(f"/registry/{body.pk}/property/").status_code,
        "投影機" in client.get("/property/").content.decode(),
    ) == (404, False)


def test_an_applicant_reads_what_is_left_and_who_stands_before(staff):
    award = approved((120_000,), staff=staff)
    scheme = award.application.scheme
    EnvelopeFactory(scheme=scheme) if not scheme.envelopes.filter(year=2010).exists() else None
    ahead = ApplicationFactory(
        scheme=scheme, programme=award.application.programme, status="submitted", requested_total=50_000,
        filed_on=clock.today(), first_filed_on=clock.today(),
    )  # fmt: skip
    mine = ApplicationFactory(scheme=scheme, programme=award.application.programme, organisation=OrganisationFactory())
    left = left_for(mine, clock.today())
    assert (left.use.left, left.ahead, left.ahead_sum, left.enough) == (29_880_000, 1, 50_000, True)
    assert left_for(ahead, clock.today()).ahead == 0


def test_a_townships_own_application_goes_straight_to_the_county(staff):
    """The office asks for equipment of its centre (伍九); nobody reviews what he has filed himself."""
    maolin = township("64000360", "茂林鄉", postal_code="851")
    programme = ProgrammeFactory(scheme=SchemeFactory(township_first=True))
    office = OrganisationFactory(kind=OrganisationKind.TOWNSHIP_OFFICE, name="高雄縣茂林鄉公所", township=maolin)
    own = ready_case(office, programme=programme, service_area=["64000360"])
    filing.file(chair_of(office), own, uuid4(), edition=own.edition)
    own.refresh_from_db()
    assert own.status == "submitted"
    body = OrganisationFactory()
    other = ready_case(body, programme=programme)
    filing.file(chair_of(body), other, uuid4(), edition=other.edition)
    other.refresh_from_db()
    assert other.status == "township_review"
