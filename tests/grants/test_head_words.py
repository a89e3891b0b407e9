"""What the person is called who confirms for a body: 理事長 of an association, 校長 of a school, 首長 of an office."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from communities.enums import Office
from communities.forms.counter import VisitorForm
from communities.forms.people import TermForm
from communities.models import AccountRequest, OfficeTerm
from communities.services.chair_changes import end_former
from communities.services.terms import TermError, record_term
from grants.forms.applications.corrections import ChairCodeForm, SignedSheetForm
from grants.forms.desk import TakeOverForm
from grants.models import Application
from grants.queries.applications.lists import shown
from grants.queries.applications.next_steps import next_of
from grants.queries.desk.sources import with_details
from grants.queries.desk.tasks import BY_KIND, task_of
from grants.queries.schemes.terms import paper_names
from grants.services.audit.check_sheets import checks
from grants.services.desk import chairs
from grants.services.reminders.deadlines import _values_of_term
from grants.services.reminders.words import filled
from grants.tables.applications import ApplicationTable
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.heads import head_by_name
from miaoli_kaohsiung.accounts.models import Invitation, Post
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib.access import Refused
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, chair_of, member_of
from tests.factories.grants import ApplicationFactory

DAY = dt.date(2010, 6, 1)
HEADS = ("理事長", "首長", "校長", "董事長", "負責人")
BODIES = [
    ("township_office", "旗山鎮公所", "首長"),
    ("community_association", "旗山鎮示範社區發展協會", "理事長"),
    ("church", "示範長老教會", "負責人"),
    ("school", "旗山鎮示範國民小學", "校長"),
    ("welfare_institution", "示範老人養護中心", "負責人"),
    ("civic_group", "財團法人示範文教基金會", "董事長"),
    ("civic_group", "示範代天府", "負責人"),
    ("civic_group", "社團法人示範關懷協會", "理事長"),
    ("national_nonprofit", "社團法人全國示範聯合會", "理事長"),
]
pytestmark = pytest.mark.django_db
WORDS = pytest.mark.parametrize(("kind", "name", "head"), BODIES)


def heads_in(text: object) -> set[str]:
    return {head for head in HEADS if head in str(text)}


@pytest.mark.parametrize(
    ("name", "head"),
    [
        *((name, head) for kind, name, head in BODIES if kind != "church"),
        ("示範長老教會", "負責人"),
        ("示範社區發展協會（籌備處）", "理事長"),
        ("示範天后宮管理委員會", "負責人"),
        ("旗山區農會", "理事長"),
        ("旗山國中", "校長"),
        ("", "負責人"),
    ],
)
def test_where_only_the_name_is_known_it_says_the_word(name, head):
    assert head_by_name(name) == head
    post = Post(role=Role.MEMBER, office=Office.CHAIRPERSON, place_name=name)
    asked = AccountRequest(organisation_name=name, office=Office.CHAIRPERSON)
    assert (post.label.split()[-1], asked.get_office_display()) == (head if name else "理事長", head)
    assert Invitation(office=Office.CHAIRPERSON, place_name=name).office_word == (head if name else "理事長")


def test_other_offices_read_as_ever():
    post = Post(role=Role.MEMBER, office=Office.ACCOUNTANT, place_name="示範長老教會")
    assert (post.label, Post(role=Role.APPROVER, county="kaohsiung").office_word) == ("示範長老教會 會計", "")
    term = OfficeTerm(organisation=OrganisationFactory.build(kind="church"), office=Office.STAFF, person_name="王示範")
    assert str(term) == "承辦人 王示範"


@WORDS
def test_a_case_waits_for_the_head_of_its_body(kind, name, head):
    case = ApplicationFactory(organisation__kind=kind, organisation__name=name, status="awaiting_chair", title="共餐")
    row = shown(Application.objects.all()).values(*ApplicationTable.read_with, "status").get()
    cell = ApplicationTable.render_status(None, row["status"], row)
    assert (case.get_status_display(), cell) == (f"待{head}確認", f"待{head}確認")


def test_another_status_reads_as_ever():
    assert ApplicationFactory(organisation__kind="township_office").get_status_display() == "草稿"


@WORDS
@pytest.mark.parametrize("paper", ["payments/receipt", "books/_sign"])
def test_papers_are_signed_by_the_head_of_the_body(kind, name, head, paper):
    body = OrganisationFactory.build(kind=kind, name=name)
    instalment = SimpleNamespace(number=1, amount=1000, award=SimpleNamespace(number="甲"))
    context = {"organisation": body, "row": instalment, "names": {"chairperson": "王示範"}}
    assert heads_in(render_to_string(f"grants/{paper}.html", context)) == {head}


@WORDS
def test_at_the_counter_the_words_name_the_head_of_the_body(kind, name, head):
    case = ApplicationFactory(organisation__kind=kind, organisation__name=name)
    forms = {"code_form": ChairCodeForm(head=head), "sign_form": SignedSheetForm(head=head)}
    context = {"case": case, "state": "sign", "chair": SimpleNamespace(user=None), **forms}
    html = render_to_string("grants/applications/_confirm_next.html", context)
    assert f"{head}唸的確認碼" in str(forms["code_form"])
    assert (f"{head}不在櫃檯" in html, heads_in(html)) == (True, {head})
    more = {"row": SimpleNamespace(expires_on=DAY), "today": DAY, "county": SimpleNamespace(phone="")}
    letter = render_to_string("grants/applications/chair_letter.html", context | more)
    assert (f"<h1>{head}確認碼信</h1>" in letter, heads_in(letter)) == (True, {head})


def of_forms(case):
    head = case.organisation.head_word
    yield from (VisitorForm(head=head)["office"], TermForm(head=head).as_p(), TakeOverForm(head=head).as_p())


def of_a_term(case):
    term = OfficeTerm(
        organisation=case.organisation, office=Office.CHAIRPERSON, person_name="王示範", valid_from=DAY, valid_to=DAY
    )
    yield term
    yield filled("【職稱】【姓名】的任期到【期限】", _values_of_term(term, DAY, DAY))
    yield render_to_string("partials/term_over.html", {"term": term, "offices": []})


def of_the_case(case):
    yield from (paper_names(case)["chair_signature"], next(checks(case)).asked)
    yield next_of(case, member_of(case.organisation)).text
    row = with_details(Application.objects.filter(pk=case.pk)).get()
    for note in ("", "再看一次"):
        yield task_of(None, BY_KIND["correct"], None, row | {"_chair_note": note}, BY_KIND["correct"].route, {}).text


def of_refusals(case):
    body, officer = case.organisation, Actor(person(Role.CASE_OFFICER))
    user = chair_of(body)
    term = OfficeTerm.objects.get(user=user)
    term.organisation = body
    for act in (
        lambda: chairs.take_over(person(Role.CASE_OFFICER), body, unreachable=False),
        lambda: record_term(
            officer, body, office=Office.CHAIRPERSON, person_name="另一位", valid_from=DAY, valid_to=DAY
        ),
    ):
        with pytest.raises((Refused, TermError)) as refused:
            act()
        yield refused.value.reason


SENTENCES = {"forms": of_forms, "a term": of_a_term, "the case": of_the_case, "refusals": of_refusals}


@WORDS
@pytest.mark.parametrize("said", SENTENCES)
def test_sentences_name_the_head_as_the_body_does(kind, name, head, said):
    case = ApplicationFactory(organisation__kind=kind, organisation__name=name)
    assert [heads_in(text) for text in SENTENCES[said](case)] == [{head}] * len(list(SENTENCES[said](case)))


@WORDS
def test_pages_of_the_body_name_its_head(client, kind, name, head):
    body = OrganisationFactory(kind=kind, name=name)
    client.force_login(person(Role.CASE_OFFICER))
    for route in ("organisation", "term-new", "counter"):
        html = client.get(reverse(f"communities:{route}", args=[body.pk])).content.decode()
        assert heads_in(html.partition("<main")[2]) <= {head}, route
    html = client.get(reverse("communities:claim", args=[body.pk])).content.decode()
    assert f"剛就任{head}" in html


def test_a_former_head_reads_until_when_the_term_ran(client):
    body = OrganisationFactory(kind="school", name="示範國小")
    former = chair_of(body)
    by = Actor(person(Role.CASE_OFFICER))
    end_former(by, body, DAY)
    client.force_login(former)
    assert heads_in(former.notices.get().subject + former.notices.get().body) == {"校長"}


@pytest.mark.parametrize(
    ("kind", "own", "paper"), [("community_association", True, "當選證明書"), ("school", False, "就任的證明")]
)
def test_a_school_is_no_association_on_its_own_page(client, kind, own, paper):
    body = OrganisationFactory(kind=kind, name="示範")
    client.force_login(chair_of(body))
    assert ("本會資料" in client.get("/registry/mine/").content.decode()) == own
    form = client.get(reverse("communities:organisation-chair", args=[body.pk])).context["form"]
    assert form.fields["certificate"].label == paper
