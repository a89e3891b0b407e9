import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from communities.enums import Office, OrganisationKind, OrganisationStatus
from communities.models import OfficeTerm, Organisation, TierDecision
from communities.services import terms, tiers
from communities.services.organisations import index
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from tests.factories.accounts import KAOHSIUNG, MIAOLI, person
from tests.factories.communities import QISHAN, YUANLI, OrganisationFactory, chair_of, member_of, yuanli
from tests.files import samples

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"communities:{name}", args=args)


@pytest.fixture
def officer(client):
    user = person(Role.CASE_OFFICER)
    client.force_login(user)
    return user


def fields_of(organisation, **changes):
    values = {
        "kind": organisation.kind,
        "name": organisation.name,
        "township": organisation.township_id,
        "status": organisation.status,
        "nonprofit": "on",
        "registration_county": "高雄縣",
        "manpower_grant": "none",
    }
    return values | changes


# --- The registry ------------------------------------------------------------------------------------------------------------


def listed(client, **query):
    return list(client.get(url("registry"), query).context["list"].rows)


def test_an_officer_enters_an_organisation(client, officer):
    form = fields_of(OrganisationFactory.build(name="高雄縣旗山鎮新示範社區發展協會"), tax_id="１２３４５６７５")
    answer = client.post(url("organisation-new"), form)
    made = Organisation.objects.get(name="高雄縣旗山鎮新示範社區發展協會")
    assert answer.url == url("organisation", made.pk)
    assert (made.county, made.township_id, made.tax_id) == (KAOHSIUNG, QISHAN, "12345675")
    assert listed(client, q="新示") == [made]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"tax_id": "16081001"}, "tax_id", "檢查碼不符"),
        ({"tax_id": "1234567A"}, "tax_id", "8位數字"),
        ({"tax_id": "12345675"}, "tax_id", "已經登記給「示範甲」"),
        ({"name": "示範甲"}, "name", "同名"),
        ({"registered_on": "99/2/31"}, "registered_on", ""),
        ({"households": "99999999999999999999"}, "households", "數字太大"),
        ({"population": "-1"}, "population", ""),
        ({"township": YUANLI}, "township", ""),
        ({"township": ""}, "township", "請選擇"),
        ({"phone": "abc"}, "phone", "電話"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(client, officer, changes, field, words):
    OrganisationFactory(name="示範甲", tax_id="12345675")
    organisation = OrganisationFactory(name="示範乙")
    answer = client.post(url("organisation-edit", organisation.pk), fields_of(organisation, **changes))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert words in str(answer.context["form"].errors[field])
    assert Organisation.objects.get(pk=organisation.pk).profile_updated_on == organisation.profile_updated_on


def test_the_same_name_may_stand_in_the_other_county(client, officer):
    OrganisationFactory(name="示範協會", county=MIAOLI, township=yuanli())
    organisation = OrganisationFactory(name="示範乙")
    answer = client.post(url("organisation-edit", organisation.pk), fields_of(organisation, name="示範協會"))
    assert answer.status_code == 302


def test_fields_that_the_form_does_not_have_cannot_be_posted(client, officer):
    organisation = OrganisationFactory()
    extra = {"county": MIAOLI, "current_tier": "excellent", "current_tier_year": "2010", "seal": "1"}
    assert client.post(url("organisation-edit", organisation.pk), fields_of(organisation) | extra).status_code == 302
    stored = Organisation.objects.get(pk=organisation.pk)
    assert (stored.county, stored.current_tier, stored.seal_id) == (KAOHSIUNG, "", None)


def test_the_seal_is_entered_by_the_county_and_shown_to_who_sees_the_organisation(client, officer):
    organisation = OrganisationFactory()
    page, picture = url("organisation-seal-new", organisation.pk), url("organisation-seal", organisation.pk)
    assert client.get(picture).status_code == 404
    for data in ({}, {"seal": SimpleUploadedFile("seal.pdf", samples.pdf())}):
        assert client.post(page, data).status_code == 422
    assert client.post(page, {"seal": SimpleUploadedFile("seal.png", samples.picture("PNG"))}).status_code == 302
    assert f'src="{picture}"' in client.get(url("organisation", organisation.pk)).content.decode()
    expected = {
        member_of(organisation): (200, 403),
        person(Role.TOWNSHIP_OFFICER, township_code=QISHAN): (200, 403),
        person(Role.FINANCE_OFFICER): (200, 403),
        member_of(OrganisationFactory(name="別的協會")): (404, 403),
        person(Role.CASE_OFFICER, MIAOLI): (404, 404),
    }
    for user, statuses in expected.items():
        client.force_login(user)
        assert tuple(client.get(address).status_code for address in (picture, page)) == statuses


def test_changes_bear_the_portal_s_day(client, officer):
    organisation = OrganisationFactory()
    client.post(url("organisation-contact", organisation.pk), {"phone": "07-6612345"})
    page = client.get(url("organisation", organisation.pk)).content.decode()
    assert '<time datetime="2010-06-01">99年6月1日</time>' in page


def test_my_organisation_is_one_page_and_several_are_a_choice(client):
    first, second = OrganisationFactory(), OrganisationFactory()
    user = member_of(first)
    client.force_login(user)
    assert client.get(url("mine")).context["organisation"] == first
    member_of(second, Office.ACCOUNTANT, user=user)
    assert client.get(url("mine")).context["organisations"] == [first, second]


def test_a_township_sees_its_own_place_and_writes_nothing(client):
    here = OrganisationFactory(bank_account="12345678901234", bank_code="7000010")
    there = OrganisationFactory(county=MIAOLI, township=yuanli())
    client.force_login(person(Role.TOWNSHIP_OFFICER, township_code=QISHAN))
    page = client.get(url("organisation", here.pk)).content.decode()
    assert "12345678901234" not in page
    assert url("organisation-edit", here.pk) not in page
    assert client.get(url("organisation", there.pk)).status_code == 404
    assert listed(client) == [here]
    assert client.get(url("organisation-edit", here.pk)).status_code == 403


def test_the_other_county_finds_nothing(client):
    ours = OrganisationFactory()
    client.force_login(person(Role.CASE_OFFICER, MIAOLI))
    assert listed(client) == []
    for name in ("organisation", "organisation-edit", "organisation-contact", "term-new", "tier-propose"):
        assert client.get(url(name, ours.pk)).status_code == 404


@pytest.mark.parametrize("name", ["registry", "directory"])
def test_lists_ask_the_same_however_long_they_are(client, officer, name, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def ask():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            page = client.get(url(name))
        table = page.context["list"].table if name == "registry" else page.context["table"]
        return len(asked), len(table.page.object_list)

    chair_of(OrganisationFactory())
    ask()
    one, shown = ask()
    assert shown == 1
    for _ in range(29):
        chair_of(OrganisationFactory())
    many, shown = ask()
    assert (many, shown) == (one, 30 if name == "registry" else 15)


def test_filters_narrow_the_list(client, officer):
    church = OrganisationFactory(kind=OrganisationKind.CHURCH, name="示範教會")
    top = OrganisationFactory(current_tier="excellent", current_tier_year=2010, name="頂尖協會")
    index([church, top])
    chair_of(top)
    OfficeTerm.objects.update(valid_to=clock.today() + dt.timedelta(days=30))
    for query, expected in [
        ({"kind": "church"}, church),
        ({"tier": "excellent"}, top),
        ({"q": "頂尖"}, top),
        ({"term": "none"}, church),
        ({"term": "ending"}, top),
    ]:
        assert listed(client, **query) == [expected]
    assert listed(client, term="over") == []
    assert len(listed(client, township=QISHAN)) == 2


# --- Terms -----------------------------------------------------------------------------------------------------------------------


def test_a_term_is_recorded_ended_and_its_holder_invited(client, officer, mailoutbox):
    organisation = OrganisationFactory()
    values = {"office": "chairperson", "person_name": "示範長", "valid_from": "98/3/1", "valid_to": "102/2/28"}
    client.post(url("term-new", organisation.pk), values | {"phone": "0912345678"})
    term = OfficeTerm.objects.get()
    client.post(url("term-invite", organisation.pk, term.pk), {"email": "chair@example.org"})
    assert [mail.to for mail in mailoutbox] == [["chair@example.org"]]
    client.post(url("term-end", organisation.pk, term.pk), {"last_day": "99/6/1"})
    term.refresh_from_db()
    assert str(term.valid_to) == "2010-06-01"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"valid_to": ""}, "valid_to"),
        ({"valid_to": "98/2/28"}, "valid_to"),
        ({"valid_from": "昨天"}, "valid_from"),
        ({"account_email": "nobody@example.org"}, "account_email"),
        ({"office": "king"}, "office"),
    ],
)
def test_a_wrong_term_is_refused_at_its_field(client, officer, changes, field):
    values = {"office": "chairperson", "person_name": "示範長", "valid_from": "98/3/1", "valid_to": "102/2/28"}
    answer = client.post(url("term-new", OrganisationFactory().pk), values | changes)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert not OfficeTerm.objects.exists()


def test_a_term_of_another_organisation_is_not_found(client, officer):
    ours, other = OrganisationFactory(), OrganisationFactory()
    chair_of(other)
    term = OfficeTerm.objects.get()
    assert client.get(url("term-end", ours.pk, term.pk)).status_code == 404
    assert client.get(url("term-end", other.pk, term.pk)).status_code == 200


def test_the_page_flags_a_term_that_ends_soon(client, officer):
    organisation = OrganisationFactory()
    values = {"office": Office.CHAIRPERSON, "person_name": "示範長"}
    import datetime as dt

    by = Actor(officer)
    terms.record_term(by, organisation, valid_from=dt.date(2008, 1, 1), valid_to=dt.date(2010, 7, 1), **values)
    assert "90天內屆滿" in client.get(url("organisation", organisation.pk)).content.decode()
    assert client.get(url("registry")).context["expiring"] == 1


# --- Tiers -------------------------------------------------------------------------------------------------------------------------


def test_a_tier_is_proposed_by_one_and_confirmed_by_another(client, officer):
    organisation = OrganisationFactory()
    client.post(url("tier-propose", organisation.pk), {"year": "99", "tier": "potential", "reason": "會務健全"})
    decision = TierDecision.objects.get()
    assert (decision.year, decision.status) == (2010, "proposed")
    assert client.post(url("tier-decide", decision.pk), {"confirm": "yes"}).status_code == 403
    client.force_login(person(Role.APPROVER))
    refused = client.post(url("tier-decide", decision.pk), {"refuse": "yes", "decision_note": ""})
    assert refused.status_code == 422
    assert client.post(url("tier-decide", decision.pk), {"decision_note": ""}).status_code == 422
    TierDecision.objects.update(governance_score="17.25", finance_score="15.00", services_score="40.50")
    assert "17.25／15／40.5" in client.get(url("tier-decide", decision.pk)).content.decode()
    assert client.post(url("tier-decide", decision.pk), {"confirm": "yes", "decision_note": ""}).status_code == 302
    organisation.refresh_from_db()
    assert organisation.current_tier == "potential"


def test_proposals_are_confirmed_one_by_one_and_the_next_one_follows(client, officer):
    first, second = (
        tiers.propose_tier(officer, OrganisationFactory(), year=2010, tier="basic", basis="decision", reason="初次")
        for _ in range(2)
    )
    client.force_login(person(Role.APPROVER))
    # A list of ticked ones confirms nothing.
    client.post(url("tier-proposals"), {"decision": [first.pk, second.pk]})
    assert set(TierDecision.objects.values_list("status", flat=True)) == {"proposed"}
    answer = client.post(url("tier-decide", first.pk), {"confirm": "yes", "decision_note": ""})
    assert answer.url == url("tier-decide", second.pk)
    answer = client.post(url("tier-decide", second.pk), {"refuse": "yes", "decision_note": "理由不足"})
    assert answer.url == url("organisation", second.organisation_id)
    assert list(TierDecision.objects.order_by("pk").values_list("status", flat=True)) == ["confirmed", "refused"]


def test_the_tiers_of_townships_by_year_in_words(client, officer):
    head = person(Role.APPROVER)
    for tier in ("excellent", "excellent", "basic"):
        body = OrganisationFactory()
        for year, one in ((2009, "basic"), (2010, tier)):
            made = tiers.propose_tier(officer, body, year=year, tier=one, basis="decision", reason="初次")
            tiers.decide_tier(head, made, confirm=True, note="")
    tiers.propose_tier(officer, OrganisationFactory(), year=2010, tier="basic", basis="decision", reason="待確認")
    client.force_login(officer)
    context = client.get(url("tier-heat")).context
    assert context["years"] == [98, 99]
    row = next(row for row in context["rows"] if row.name == "旗山鎮")
    assert [(cell.level, cell.words) for cell in row.cells] == [(1, "基本 3"), (2, "績優 2、基本 1")]


# --- The public directory ------------------------------------------------------------------------------------------------------------


def test_the_directory_needs_no_account_and_shows_nobody(client):
    organisation = OrganisationFactory(phone="07-6612345", bank_account="12345678901234", email="office@example.org")
    chair_of(organisation)
    OfficeTerm.objects.update(person_name="示範理事長", phone="0912345678")
    page = client.get(url("community", organisation.pk)).content.decode()
    assert organisation.name in page
    assert "旗山鎮" in page
    for private in ("示範理事長", "0912345678", "0912-345-678", "12345678901234"):
        assert private not in page
    assert client.get(url("directory"), {"county": "kaohsiung", "township": QISHAN}).status_code == 200


def test_a_dissolved_organisation_is_not_listed(client):
    gone = OrganisationFactory(status=OrganisationStatus.DISSOLVED)
    assert client.get(url("community", gone.pk)).status_code == 404
    assert len(client.get(url("directory")).context["table"].rows) == 0


def test_the_association_sees_a_tier_when_it_is_confirmed(client, officer):
    organisation = OrganisationFactory()
    decision = tiers.propose_tier(officer, organisation, year=2010, tier="basic", basis="decision", reason="初次")
    assert list(client.get(url("organisation", organisation.pk)).context["tiers"]) == [decision]
    chair, township = chair_of(organisation), person(Role.TOWNSHIP_OFFICER, township_code=organisation.township_id)
    for user in (chair, township):
        client.force_login(user)
        assert list(client.get(url("organisation", organisation.pk)).context["tiers"]) == []
    tiers.decide_tier(person(Role.APPROVER), decision, confirm=True, note="")
    client.force_login(chair)
    assert list(client.get(url("organisation", organisation.pk)).context["tiers"]) == [decision]


def test_nobody_proposes_or_confirms_the_own_associations_tier(officer):
    own, other = OrganisationFactory(), OrganisationFactory()
    decision = tiers.propose_tier(officer, own, year=2010, tier="basic", basis="decision", reason="初次")
    head = person(Role.APPROVER)
    for user in (head, officer):
        member_of(own, user=user)
        user.__dict__.pop("_posts", None)
    with pytest.raises(Refused, match="迴避"):
        tiers.decide_tier(head, decision, confirm=True, note="")
    with pytest.raises(Refused, match="迴避"):
        tiers.propose_tier(officer, own, year=2011, tier="basic", basis="decision", reason="再一年")
    assert tiers.propose_tier(officer, other, year=2010, tier="basic", basis="decision", reason="初次")


def test_only_confirmed_tiers_are_public(client, officer):
    organisation = OrganisationFactory()
    tiers.propose_tier(officer, organisation, year=2010, tier="basic", basis="decision", reason="初次")
    client.logout()
    assert list(client.get(url("community", organisation.pk)).context["tiers"]) == []


@pytest.mark.parametrize("query", ["q=%00", "q='&", "township=x", "page=0", "page=x", "sort=x", "sort=-name", "tier=x"])
def test_odd_addresses_are_answered(client, query):
    OrganisationFactory()
    assert client.get(f"{url('directory')}?{query}").status_code == 200
