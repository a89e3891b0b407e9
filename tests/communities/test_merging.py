"""Two records of one body become one: by two people, with everything that hangs on them, and the old one leads to it."""

import datetime as dt

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.urls import reverse

from communities.enums import Office
from communities.models import KeptPaper, OfficeTerm, Organisation, TierDecision
from communities.queries import search
from communities.services import organisations
from communities.services.merging import moving, proposals
from communities.services.registry_import import imports
from communities.services.tiers import propose_tier
from evaluation.models import Entry, Round
from grants.models import Application, Award, Duty, Sanction
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import Post
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.changes import services
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.lib.access import Refused
from tests.factories.accounts import MIAOLI, person
from tests.factories.communities import OrganisationFactory, chair_of, member_of, yuanli
from tests.factories.grants import ApplicationFactory, EnvelopeFactory
from tests.grants.filing import stored_file

from .registry_import.lists import as_csv, row, table

pytestmark = pytest.mark.django_db

OLD, NEW = "旗山鎮溪畔協會", "旗山鎮溪畔社區發展協會"


@pytest.fixture
def officer():
    return person(Role.CASE_OFFICER)


@pytest.fixture
def head():
    return person(Role.APPROVER)


@pytest.fixture
def kept():
    return OrganisationFactory(name=NEW, tax_id="", phone="07-6610001", village="")


@pytest.fixture
def merged():
    return OrganisationFactory(name=OLD, tax_id="12345675", phone="07-6610002", village="溪畔里")


def merge(officer, head, kept, merged):
    for body in (kept, merged):
        body.refresh_from_db()
    change = proposals.propose(officer, kept, merged, "同一個單位登記了兩次")
    services.confirm(head, change)
    kept.refresh_from_db()
    merged.refresh_from_db()


def an_award(body, officer, head) -> Award:
    case = ApplicationFactory(organisation=body, status="approved")
    days = {"starts_on": case.starts_on, "ends_on": case.ends_on, "approved_on": dt.date(2010, 6, 1)}
    people = {"approved_by": head, "proposed_by": officer}
    envelope = EnvelopeFactory(scheme=case.scheme)
    return Award.objects.create(
        application=case, number=case.number, envelope=envelope, county="kaohsiung", total=1000, **days, **people
    )


def refused(officer, kept, merged) -> str:
    with pytest.raises(Refused) as caught:
        proposals.propose(officer, kept, merged, "同一個")
    return caught.value.reason


def test_everything_moves_and_both_histories_stay(officer, head, kept, merged):
    staff = member_of(merged)
    case = ApplicationFactory(organisation=merged, created_by=staff)
    award = an_award(merged, officer, head)
    Sanction.objects.create(
        organisation=merged, award=award, county="kaohsiung", event="misuse", decided_on=dt.date(2010, 5, 1),
        heard_on=dt.date(2010, 4, 1), reason="x", approved_end=dt.date(2010, 12, 31), recorded_by=officer,
        recorded_on=dt.date(2010, 5, 1), barred_from=dt.date(2010, 5, 1), barred_to=dt.date(2012, 4, 30),
    )  # fmt: skip
    KeptPaper.objects.create(
        organisation=merged, kind="charter", file=stored_file(staff), kept_on=dt.date(2010, 1, 1), kept_by=staff
    )
    organisations.update_contact(Actor(officer), merged, address="舊會址")
    organisations.update_contact(Actor(officer), kept, address="新會址")
    merge(officer, head, kept, merged)
    assert moving.counts(merged) == dict.fromkeys(moving.counts(merged), 0), "nothing is left behind"
    assert set(Application.objects.filter(organisation=kept)) == {case, award.application}
    assert Sanction.objects.get().organisation == kept
    assert (Post.objects.get(user=staff).organisation_id, OfficeTerm.objects.get().organisation) == (kept.pk, kept)
    assert (kept.tax_id, kept.phone, kept.village, kept.address) == ("12345675", "07-6610001", "溪畔里", "新會址")
    assert (merged.merged_into, merged.name, merged.tax_id) == (kept, OLD, "12345675")
    entry = AuditEntry.objects.get(action="organisation.merged")
    assert (entry.object_id, entry.after["merged_into"]) == (str(merged.pk), kept.pk)
    assert entry.after["moved"]["grants.application"] == 2


def test_the_old_record_leads_to_the_one_that_lives(client, officer, head, kept, merged):
    merge(officer, head, kept, merged)
    client.force_login(officer)
    page = client.get(reverse("communities:organisation", args=[merged.pk]), follow=True)
    assert page.redirect_chain == [(reverse("communities:organisation", args=[kept.pk]), 302)]
    assert OLD in page.content.decode()
    public = client.get(reverse("communities:community", args=[merged.pk]))
    assert (public.status_code, public.url) == (301, reverse("communities:community", args=[kept.pk]))
    for sought in (OLD, "12345675", NEW):
        assert list(search(Organisation.objects.all(), sought)) == [kept]
    organisations.update_contact(Actor(officer), kept, address="搬家了")
    assert list(search(Organisation.objects.all(), OLD)) == [kept]
    assert list(Organisation.objects.all()) == [kept]
    made = imports.start(Actor(officer), "kaohsiung", as_csv(table([row(OLD, 立案字號="", 會址="名單的會址")])))
    imports.preview(Actor(officer), made, imports.guessed(made), [])
    assert [change[0] for change in made.rows.get().changes][:1] == ["address"]
    assert made.rows.get().name == NEW


def test_the_old_name_and_number_are_not_given_to_another_body(client, officer, head, kept, merged):
    merge(officer, head, kept, merged)
    client.force_login(officer)
    typed = {"kind": kept.kind, "name": OLD, "township": kept.township_id, "status": "active", "manpower_grant": "none"}
    answer = client.post(reverse("communities:organisation-new"), typed | {"tax_id": "12345675"})
    assert set(answer.context["form"].errors) == {"name", "tax_id"}
    assert NEW in str(answer.context["form"].errors)


def test_two_people_merge_and_nothing_happens_before(client, officer, head, kept, merged):
    client.force_login(officer)
    url = reverse("communities:organisation-merge", args=[kept.pk])
    page = client.get(url)
    assert OLD in page.content.decode(), "a record with a name like this one's is offered"
    answer = client.post(url, {"other": merged.pk, "kept": "this", "reason": "登記了兩次"})
    change = Change.objects.get()
    assert answer.url == reverse("changes:show", args=[change.pk])
    assert "等另一位同仁確認" in client.get(reverse("communities:organisation", args=[merged.pk])).content.decode()
    with pytest.raises(Refused):
        services.confirm(officer, change)
    assert Organisation.objects.count() == 2
    client.force_login(head)
    shown = client.get(reverse("changes:show", args=[change.pk])).content.decode()
    assert [text in shown for text in (OLD, NEW, "12345675", "溪畔里")] == [True] * 4
    client.post(reverse("changes:confirm", args=[change.pk]))
    assert Organisation.objects.get() == kept


def test_the_officer_says_which_record_is_kept(client, officer, kept, merged):
    client.force_login(officer)
    organisations.index([kept, merged])
    url = reverse("communities:organisation-merge", args=[kept.pk])
    assert client.post(url, {"kept": "this", "reason": ""}).status_code == 422
    found = client.get(url, {"q": "12345675"})
    assert list(found.context["found"]) == [merged]
    client.post(f"{url}?q=12345675", {"other": merged.pk, "kept": "other", "reason": "登記了兩次"})
    change = Change.objects.get()
    assert (change.data["kept"], change.subject) == (merged.pk, str(kept.pk))


def test_records_that_are_not_one_body_are_refused_in_words(officer, kept, merged):
    assert "同一筆" in refused(officer, kept, kept)
    foreign = OrganisationFactory(name="苑裡鎮房裡社區發展協會", county=MIAOLI, township=yuanli())
    assert "不同的縣" in refused(officer, kept, foreign)
    kept.tax_id = "04595257"
    kept.kind = "church"
    reason = refused(officer, kept, merged)
    assert ("統一編號不同" in reason, "單位類別不同" in reason) == (True, True)
    kept.tax_id, kept.kind = "", merged.kind
    kept.bank_code = merged.bank_code = "0040011"
    kept.bank_account, merged.bank_account = "123456789012", "123456789013"
    assert "金融帳戶不同" in refused(officer, kept, merged)


def test_two_running_cases_of_one_programme_keep_records_apart(officer, head, kept, merged):
    one = ApplicationFactory(organisation=kept)
    other = ApplicationFactory(organisation=merged, programme=one.programme, scheme=one.scheme)
    reason = refused(officer, kept, merged)
    assert (one.number in reason, other.number in reason) == (True, True)
    Application.objects.filter(pk=other.pk).update(status="withdrawn")
    merge(officer, head, kept, merged)
    assert Application.objects.filter(organisation=kept).count() == 2


def test_what_came_up_after_the_proposal_is_refused_when_it_is_confirmed(officer, head, kept, merged):
    change = proposals.propose(officer, kept, merged, "同一個")
    one = ApplicationFactory(organisation=kept)
    ApplicationFactory(organisation=merged, programme=one.programme, scheme=one.scheme)
    with pytest.raises(Refused, match="還沒結束的案件"):
        services.confirm(head, change)
    assert (Organisation.objects.count(), Change.objects.get().status) == (2, "waiting")


def term(body, name, first, last, **fields) -> OfficeTerm:
    days = {"valid_from": dt.date(*first), "valid_to": dt.date(*last)}
    return OfficeTerm.objects.create(organisation=body, office=Office.CHAIRPERSON, person_name=name, **days, **fields)


def test_a_term_that_both_have_is_one_and_two_chairs_at_once_are_refused(officer, head, kept, merged):
    mine = term(kept, "王大明", (2009, 3, 1), (2013, 2, 28))
    term(merged, "王 大明", (2009, 3, 1), (2013, 2, 28), phone="07-6610003", user=head)
    earlier = term(merged, "陳示範", (2005, 3, 1), (2009, 2, 28))
    clash = term(merged, "林小美", (2010, 1, 1), (2010, 12, 31))
    assert "理事長任期重疊" in refused(officer, kept, merged)
    clash.delete()
    merge(officer, head, kept, merged)
    assert set(kept.terms.all()) == {mine, earlier}
    mine.refresh_from_db()
    assert (mine.phone, mine.user) == ("07-6610003", head)


def test_tiers_and_rounds_that_both_wait_in_are_refused(officer, head, kept, merged):
    for body in (kept, merged):
        propose_tier(officer, body, year=2010, tier="basic", basis="decision", reason="初次")
    assert "99年度分級" in refused(officer, kept, merged)
    TierDecision.objects.filter(organisation=merged).delete()
    day = dt.date(2010, 1, 1)
    days = dict.fromkeys(("opened_on", "self_until", "visits_until", "closes_on"), day)
    one = Round.objects.create(county="kaohsiung", year=2010, opened_by=officer, **days)
    for body in (kept, merged):
        Entry.objects.create(round=one, organisation=body)
    assert "99年度的評鑑" in refused(officer, kept, merged)


def duty(body, key, period, **fields) -> Duty:
    days = {"due_on": dt.date(2010, 12, 31), "opened_on": dt.date(2010, 1, 1)}
    return Duty.objects.create(
        key=key, clause="M5.5a", county="kaohsiung", organisation=body, period=period, **days | fields
    )


def test_a_duty_of_both_is_done_once(officer, head, kept, merged):
    done = {"done_on": dt.date(2010, 5, 1), "held_on": dt.date(2010, 5, 1), "done_by": officer}
    duty(kept, "meeting", "2010")
    theirs = duty(merged, "meeting", "2010", **done)
    mine = duty(kept, "accounts", "2010")
    duty(merged, "accounts", "2010")
    only = duty(merged, "election", "2010")
    here, there = duty(kept, "visit", "2010", **done), duty(merged, "visit", "2010", **done)
    merge(officer, head, kept, merged)
    assert set(Duty.objects.filter(organisation=kept)) == {theirs, mine, only, here}
    assert list(Duty.objects.filter(organisation=merged)) == [there]


def test_a_number_that_waits_keeps_records_apart(officer, kept, merged):
    from communities.services import numbers

    numbers.propose(officer, kept, "tax_id", "90316313", "編配通知書")
    assert "還有變更等人確認" in refused(officer, kept, merged)


def test_a_chain_of_mergers_leads_to_the_end(officer, head, kept, merged):
    third = OrganisationFactory(name="旗山鎮溪畔社區協會")
    merge(officer, head, merged, third)
    merge(officer, head, kept, merged)
    third.refresh_from_db()
    assert third.merged_into == kept


def test_every_table_with_a_body_is_among_those_that_move():
    named = {
        model._meta.label_lower
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.name == "organisation_id" or field.related_model is Organisation
    }
    assert named == {model._meta.label_lower for model, _column in moving.columns()}
    assert {"grants.application", "grants.sanction", "grants.duty", "accounts.post", "accounts.invitation"} <= named


def test_whoever_confirms_reads_what_moves_in_words(kept):
    assert [label for label in moving.counts(kept) if label.isascii()] == []


def test_the_database_lets_a_record_be_merged_into_another_only(kept):
    with pytest.raises(IntegrityError, match="organisation_merged_into_another"), transaction.atomic():
        Organisation.objects.filter(pk=kept.pk).update(merged_into=kept)


def test_chairs_of_both_records_act_for_the_one_that_lives(officer, head, kept, merged):
    one = member_of(kept)
    chair = chair_of(merged)
    merge(officer, head, kept, merged)
    assert {post.user for post in Post.objects.filter(organisation_id=kept.pk)} == {one, chair}
