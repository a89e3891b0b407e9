"""Interests of reviewers: what is found, what it stops, and that the case is hidden in every post that they hold."""

import datetime as dt

import pytest

from communities.enums import Office
from communities.models import OfficeTerm
from grants.enums import ConflictGround
from grants.models import Application, Award, Conflict
from grants.permissions import holds
from grants.queries import duties, scope
from grants.queries.desk import tasks
from grants.queries.panels import interests
from grants.queries.reminders import calendar, calls
from grants.queries.rulings import waivable
from grants.services import notices
from grants.services.applications import correction_requests
from grants.services.awards import decisions
from grants.services.locks import lock_case
from grants.services.panels.interests import look_everywhere, save_details
from grants.services.reviews import checks, proposals, reviewers
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import Notice
from tests.factories import money, reviews
from tests.factories.accounts import PostFactory, person
from tests.factories.communities import QISHAN, OrganisationFactory, chair_of, member_of
from tests.factories.letters import drafted

from .pages import signed_in

pytestmark = pytest.mark.django_db
DUE = dt.date(2010, 6, 15)
BODY = {
    "tax_id": "12345675",
    "address": "842高雄縣旗山鎮中山路 12 號",
    "phone": "07-6612345",
    "email": "office@example.net",
    "bank_account": "00710123456789",
}


def own(reviewer, **values):
    save_details(reviewer, {"tax_id": "", "address": "", "phone": "", "bank_account": ""} | values)


@pytest.mark.parametrize(
    ("ground", "details", "account"),
    [
        (ConflictGround.TAX_ID, {"tax_id": "12345675"}, {}),
        (ConflictGround.ADDRESS, {"address": "高雄縣旗山鎮中山路12號"}, {}),
        (ConflictGround.PHONE, {"phone": "(07)661-2345"}, {}),
        (ConflictGround.PHONE, {}, {"phone": "07-6612345"}),
        (ConflictGround.EMAIL, {}, {"email": "Office@example.net"}),
        (ConflictGround.ACCOUNT, {"bank_account": "00710123456789"}, {}),
        (None, {"address": "高雄縣旗山鎮中山路13號", "phone": "07-6612346", "bank_account": "10123456789"}, {}),
        (None, {"address": "高雄縣旗山鎮"}, {}),
    ],
)
def test_what_is_the_same_as_the_associations_is_found(people, ground, details, account):
    case = reviews.checked(people, organisation=OrganisationFactory(**BODY))
    User.objects.filter(pk=people.reviewer.pk).update(**account)
    own(User.objects.get(pk=people.reviewer.pk), **details)
    found = list(Conflict.objects.values_list("application", "person", "ground"))
    assert found == ([(case.pk, people.reviewer.pk, ground)] if ground else [])


@pytest.mark.parametrize(
    ("until", "counts"),
    [(None, True), (dt.date(2008, 6, 1), True), (dt.date(2008, 5, 31), False)],
)
def test_an_office_counts_for_two_years_by_account_and_by_name(people, until, counts):
    """The portal's day is 1 June 2010."""
    case = reviews.checked(people)
    began = dt.date(2007, 1, 1)
    by_post = PostFactory(user=person(Role.REVIEWER), role=Role.MEMBER, organisation_id=case.organisation_id,
                          office=Office.ACCOUNTANT, valid_from=began, valid_to=until).user  # fmt: skip
    named = OfficeTerm.objects.create(
        organisation=case.organisation, office=Office.CHAIRPERSON, valid_from=began, valid_to=until,
        person_name=people.reviewer.display_name.replace("示", "示 "),
    )  # fmt: skip
    found = interests.reasons(case, [by_post, people.reviewer])
    assert set(found) == ({by_post.pk, people.reviewer.pk} if counts else set())
    if counts:
        assert found[people.reviewer.pk][0].startswith("兩年內在申請單位任職：理事長，96年1月1日")
        assert named.office == "chairperson"


def test_who_is_paid_by_the_case_or_shares_an_officers_telephone_is_found(people):
    payee, caller = person(Role.REVIEWER), person(Role.REVIEWER)
    lines = ({"person": f"別人、{payee.display_name}"}, {})
    case = reviews.checked(people, lines=lines)
    member = member_of(case.organisation)
    User.objects.filter(pk__in=[member.pk, caller.pk]).update(phone="0912-345-678")
    found = interests.reasons(case, list(User.objects.filter(pk__in=[payee.pk, caller.pk])))
    assert found[payee.pk] == ["是這一件的聯絡人或受領經費的人"]
    assert found[caller.pk] == [f"電話相同：與承辦人{member.display_name}相同"]


def found_for(case, reviewer):
    Conflict.objects.create(application=case, person=reviewer, ground="phone", found_on=clock.today())


def test_a_found_interest_is_shown_with_its_reason_and_stops_the_assignment(people):
    case = reviews.checked(people, organisation=OrganisationFactory(**BODY))
    own(people.reviewer, phone="07-6612345")
    other = person(Role.REVIEWER)
    page = signed_in(people.officer).get(f"/applications/{case.number}/reviewers/")
    text = page.content.decode()
    assert "電話相同：與申請單位相同" in text
    assert list(page.context["form"].fields["reviewers"].queryset) == [other]
    with pytest.raises(Refused, match="有利害關係（電話相同：與申請單位相同），不能指派"):
        reviewers.assign(people.officer, case, [people.reviewer], due_on=DUE)


def test_an_interest_found_after_the_assignment_takes_the_reviewer_out(people):
    case = reviews.checked(people, organisation=OrganisationFactory(**BODY))
    (row,) = reviewers.assign(people.officer, case, [people.reviewer], due_on=DUE)
    reviewers.declare(people.reviewer, row, "none")
    own(people.reviewer, phone="07-6612345")
    row.refresh_from_db()
    assert (row.interest, row.interest_note) == ("conflict", "電話相同：與申請單位相同")
    assert not Notice.objects.filter(recipient=people.reviewer, closed_at=None).exists()
    assert Notice.objects.filter(recipient=people.officer, subject__startswith="審查委員有利害關係").count() == 1
    own(people.reviewer, phone="")
    with pytest.raises(Refused, match="利害關係"):
        reviewers.score(people.reviewer, row, {}, "可行")


def test_the_nightly_comparison_finds_once(people):
    reviews.checked(people, organisation=OrganisationFactory(**BODY))
    User.objects.filter(pk=people.reviewer.pk).update(phone="07-6612345")
    with trail.unit_of_work(trail.Actor.system("test")):
        assert [look_everywhere(), look_everywhere()] == [1, 0]


POSTS = [
    (Role.TOWNSHIP_OFFICER, {"township_code": QISHAN, "place_name": "公所"}),
    (Role.CASE_OFFICER, {}),
    (Role.APPROVER, {}),
    (Role.FINANCE_OFFICER, {}),
    (Role.AUDITOR, {}),
    (Role.ADMINISTRATOR, {}),
]


@pytest.mark.parametrize(("role", "place"), POSTS)
@pytest.mark.parametrize("declared", [True, False])
def test_the_case_is_hidden_in_every_post(people, role, place, declared):
    """Nothing of an award, its letters and its deadlines is found, and no page of the case opens."""
    reviewer = people.reviewer
    PostFactory(user=reviewer, role=role, **place)
    shown = money.approved(staff=money.county(), settlement_due=dt.date(2010, 5, 3))
    hidden = money.approved(staff=money.county(), settlement_due=dt.date(2010, 5, 3))
    for award in (shown, hidden):
        drafted(people.officer, award.application)
    if declared:
        case = reviews.checked(people)
        (row,) = reviewers.assign(people.officer, case, [reviewer], due_on=DUE)
        reviewers.declare(reviewer, row, "conflict", "會員")
        assert Conflict.objects.get().ground == "declared"
        Conflict.objects.update(application=hidden.application)
    else:
        found_for(hidden.application, reviewer)
    user = User.objects.get(pk=reviewer.pk)
    cases = {
        *scope.cases(user).values_list("pk", flat=True),
        *scope.awards(user).values_list("application", flat=True),
        *scope.letters(user).values_list("application", flat=True),
        *scope.settlements(user).values_list("award__application", flat=True),
        *waivable(user).values_list("pk", flat=True),
        *calls.visible(user).values_list("application", flat=True),
        *duties.visible(user).values_list("application", flat=True),
    }
    assert hidden.application_id not in cases
    assert shown.application_id in cases
    numbers = {task.case for task in tasks.desk_of(user).tasks}
    assert hidden.number not in numbers
    assert not any(hidden.number in entry.title for entry in calendar.entries_of(user))
    client = signed_in(user)
    for path in (f"/applications/{hidden.number}/", f"/awards/{hidden.number}/"):
        assert client.get(path).status_code in (403, 404)
    listed = client.get("/applications/", {"q": hidden.number})
    assert listed.status_code == 403 or f"/applications/{hidden.number}/" not in listed.content.decode()


def ask(user, case):
    correction_requests.ask_correction(user, case, items="補章", days=10, edition=case.edition)


@pytest.mark.parametrize(
    ("role", "place", "act"),
    [
        (Role.TOWNSHIP_OFFICER, {"township_code": QISHAN}, ask),
        (Role.CASE_OFFICER, {}, checks.receive),
    ],
)
def test_no_step_of_the_case_is_taken_by_somebody_with_an_interest(people, role, place, act):
    case = reviews.filed(status="township_review" if role == Role.TOWNSHIP_OFFICER else "submitted")
    PostFactory(user=people.reviewer, role=role, **place)
    found_for(case, people.reviewer)
    with pytest.raises(Refused, match="您和這一件有利害關係，要迴避"):
        act(User.objects.get(pk=people.reviewer.pk), case)


def test_a_head_with_an_interest_neither_decides_nor_is_notified(people):
    PostFactory(user=people.reviewer, role=Role.APPROVER)
    found_for(case := reviews.checked(people), people.reviewer)
    lines = {line.pk: (line.requested, "") for line in case.lines.all()}
    proposals.propose(people.officer, case, lines, note="", edition=case.edition)
    sent = Notice.objects.filter(case_number=case.number, kind__startswith="application.proposed")
    assert [row.recipient for row in sent] == [people.head]
    with pytest.raises(Refused, match="利害關係"):
        decisions.reject(User.objects.get(pk=people.reviewer.pk), lock_case(case), note="不符")
    assert Award.objects.count() == 0


def test_the_associations_own_people_keep_seeing_their_case(people):
    """A reviewer who is treasurer of the association sees its case as that, and as nothing else."""
    case = reviews.checked(people)
    member = member_of(case.organisation, user=people.reviewer)
    found_for(case, member)
    user = User.objects.get(pk=member.pk)
    assert list(scope.cases(user)) == [Application.objects.get()]
    assert holds(user, case, Role.MEMBER)


def test_the_associations_own_people_are_notified_of_their_case_and_nobody_else_with_an_interest(people):
    PostFactory(user=people.reviewer, role=Role.CASE_OFFICER)
    case = reviews.checked(people)
    chair, member = chair_of(case.organisation), member_of(case.organisation)
    for each in (people.reviewer, member):
        found_for(case, each)
    notices.about_case(case, [people.officer, people.reviewer, chair, member], "news", "有消息", "內容")
    sent = Notice.objects.filter(kind="application.news").order_by("recipient")
    assert {(row.recipient_id, "請洽" in row.body) for row in sent} == {
        (people.officer.pk, False),
        (chair.pk, True),
        (member.pk, True),
    }
