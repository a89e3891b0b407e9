"""Partners who help: the county's contacts and an association's own, who finds whom, and who reads whom to ask."""

import datetime as dt

import pytest

from communities.enums import HelpWay, PartnerKind
from communities.models import PartnerHelp
from communities.queries.partners import of_organisation, who_can_help
from communities.services import partners
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.lib.access import Refused
from tests.factories.accounts import MIAOLI, person
from tests.factories.communities import QISHAN, OrganisationFactory, chair_of

pytestmark = pytest.mark.django_db
TODAY = dt.date(2010, 6, 1)
ADDRESS = {"contact_name": "林示範", "contact_phone": "0912345678"}


@pytest.fixture
def officer():
    return person(Role.CASE_OFFICER)


@pytest.fixture
def body():
    return OrganisationFactory()


@pytest.fixture
def chair(body):
    return chair_of(body)


@pytest.fixture
def clinic(officer):
    return partners.add(
        officer,
        "kaohsiung",
        kind=PartnerKind.CLINIC,
        name="示範診所",
        offers="健康講座、量血壓",
        townships=[QISHAN],
        **ADDRESS,
    )


@pytest.fixture
def temple(chair, body):
    return partners.add(
        chair, body.county, body, kind=PartnerKind.TEMPLE, name="示範宮", offers="借廟埕、白米", **ADDRESS
    )


def names(rows):
    return [row.name for row in rows]


def test_help_is_counted_by_what_was_given(chair, body, temple):
    partners.note_help(chair, temple, HelpWay.PROMISED, TODAY, "每月白米 30 公斤")
    for day in (dt.date(2010, 4, 1), dt.date(2010, 5, 1)):
        partners.note_help(chair, temple, HelpWay.GIVEN, day, "白米 30 公斤")
    (row,) = of_organisation(body)
    assert (row.promised, row.given, row.last_on) == (1, 2, dt.date(2010, 5, 1))
    assert set(PartnerHelp.objects.values_list("organisation", flat=True)) == {body.pk}
    with pytest.raises(Refused, match="還沒到"):
        partners.note_help(chair, temple, HelpWay.GIVEN, TODAY + dt.timedelta(days=1), "白米")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ["示範宮", "示範診所"]),
        ("講座", ["示範診所"]),
        ("血壓 講座", ["示範診所"]),
        ("白米 講座", []),
        ("寺廟", ["示範宮"]),
        ("示範宮", ["示範宮"]),
    ],
)
def test_who_can_help_is_found_by_words(body, clinic, temple, text, found):
    assert names(who_can_help(body, text)) == found


def test_who_can_help_is_near_and_of_the_county(officer, chair, clinic, temple):
    other = OrganisationFactory(township=None)
    assert names(who_can_help(other, "")) == []
    partners.change(officer, clinic, townships=[])
    assert names(who_can_help(other, "")) == ["示範診所"]
    assert names(who_can_help(OrganisationFactory(county=MIAOLI), "")) == []
    partners.change(officer, clinic, ended_on=TODAY)
    assert names(who_can_help(other, "")) == []


def test_who_may_keep_and_note(officer, chair, body, clinic, temple):
    stranger, township = (
        chair_of(OrganisationFactory()),
        person(Role.TOWNSHIP_OFFICER, township_code=QISHAN, place_name="公所"),
    )
    partners.note_help(chair, clinic, HelpWay.GIVEN, TODAY, "講座一場", body)
    partners.note_help(township, clinic, HelpWay.GIVEN, TODAY, "講座一場")
    for act in (
        lambda: partners.note_help(stranger, clinic, HelpWay.GIVEN, TODAY, "講座", body),
        lambda: partners.note_help(stranger, temple, HelpWay.GIVEN, TODAY, "白米"),
        lambda: partners.note_help(officer, clinic, HelpWay.GIVEN, TODAY, "講座", OrganisationFactory(county=MIAOLI)),
        lambda: partners.change(chair, clinic, name="別名"),
        lambda: partners.change(person(Role.APPROVER), clinic, name="別名"),
        lambda: partners.add(chair, "kaohsiung", kind=PartnerKind.SCHOOL, name="示範國小", offers="借教室"),
        lambda: partners.add(stranger, body.county, body, kind=PartnerKind.SCHOOL, name="示範國小", offers="借教室"),
    ):
        with pytest.raises(Refused):
            act()
    assert PartnerHelp.objects.count() == 2


def test_whom_to_ask_stays_in_the_offices(officer, chair, body, clinic, temple, client):
    def page(user, row):
        client.force_login(user)
        return client.get(f"/registry/partners/{row.pk}/")

    for user, row, reads_it in (
        (officer, clinic, True),
        (person(Role.AUDITOR), clinic, True),
        (chair, clinic, False),
        (chair, temple, True),
        (officer, temple, True),
    ):
        assert ("0912345678" in page(user, row).content.decode()) is reads_it, (user, row)
    assert page(chair_of(OrganisationFactory()), temple).status_code == 404
    assert page(person(Role.CASE_OFFICER, MIAOLI), clinic).status_code == 404
    client.force_login(officer)
    answer = client.post("/registry/partners/", {"export": "csv"})
    exported = b"".join(answer).decode("utf-8-sig")
    assert "示範診所" in exported
    assert "林示範" not in exported
    partners.change(officer, clinic, contact_phone="0987654321")
    kept = " ".join(
        str((row.before, row.after)) for row in AuditEntry.objects.filter(object_type="communities.partner")
    )
    assert not any(word in kept for word in ("林示範", "0912345678", "0987654321"))


def test_an_association_reads_what_it_got_itself(chair, body, officer, clinic, client):
    other = OrganisationFactory()
    partners.note_help(officer, clinic, HelpWay.GIVEN, TODAY, "講座給別人", other)
    partners.note_help(chair, clinic, HelpWay.GIVEN, TODAY, "講座給我們", body)
    client.force_login(chair)
    page = client.get(f"/registry/partners/{clinic.pk}/").content.decode()
    assert "講座給我們" in page
    assert "講座給別人" not in page


def test_who_helped_last_comes_before_who_never_did():
    body, officer = OrganisationFactory(), person(Role.CASE_OFFICER)
    found = [
        partners.add(officer, body.county, kind="company", name=name, offers="場地", townships=[])
        for name in ("甲", "乙", "丙")
    ]
    partners.note_help(officer, found[1], "given", dt.date(2010, 1, 5), "借場地")
    partners.note_help(officer, found[2], "given", dt.date(2010, 5, 1), "借場地")
    partners.note_help(officer, found[0], "promised", dt.date(2010, 5, 9), "借場地")
    assert [row.name for row in who_can_help(body, "")] == ["丙", "乙", "甲"]
