"""An interest that nothing but a name shows is lifted by two people; whatever else shows one is not."""

import datetime as dt

import pytest
from django.urls import reverse

from communities.enums import Office
from communities.models import OfficeTerm
from grants.models import Conflict, ReviewAssignment
from grants.queries.panels import interests
from grants.services.panels import lifting
from grants.services.panels.interests import look_everywhere
from grants.services.reviews import reviewers
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.changes import services
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import Notice
from tests.factories import reviews
from tests.factories.accounts import PostFactory, person
from tests.factories.communities import member_of

from .pages import signed_in

pytestmark = pytest.mark.django_db
DUE = dt.date(2010, 6, 15)


def look() -> int:
    with trail.unit_of_work(trail.Actor.system("test")):
        return look_everywhere()


@pytest.fixture
def namesake(people) -> Conflict:
    """A reviewer who was asked and has the name of the association's chairperson."""
    case = reviews.checked(people)
    reviewers.assign(people.officer, case, [people.reviewer], due_on=DUE)
    OfficeTerm.objects.create(
        organisation=case.organisation,
        office=Office.CHAIRPERSON,
        valid_from=dt.date(2009, 1, 1),
        person_name=people.reviewer.display_name,
    )
    assert look() == 1
    return Conflict.objects.select_related("application", "person").get()


def test_two_people_lift_it_and_the_reviewer_declares_like_everybody(people, namesake):
    case, reviewer = namesake.application, people.reviewer
    assert (namesake.by_name, namesake.ground) == (True, "office")
    change = lifting.ask(people.officer, namesake, "電話問過，生日不同")
    with pytest.raises(Refused):
        services.confirm(people.officer, change)
    assert signed_in(reviewer).get(f"/applications/{case.number}/review/").status_code == 404
    services.confirm(people.head, change)
    namesake.refresh_from_db()
    assert namesake.lifted_on == clock.today()
    assert ReviewAssignment.objects.get().interest == "unanswered"
    assert Notice.objects.filter(recipient=reviewer, closed_at=None, body__contains="不是同一人").exists()
    assert AuditEntry.objects.get(action="application.lift_interest").after == {"reviewer": str(reviewer)}
    assert signed_in(reviewer).get(f"/applications/{case.number}/review/").status_code == 200
    # The nightly comparison does not find it again, and the reviewer may be asked.
    assert look() == 0
    assert interests.reasons(case, [reviewer]) == {}
    with pytest.raises(Refused, match="還沒有解除的"):
        lifting.ask(people.officer, namesake, "再一次")


def test_it_comes_back_if_more_than_the_name_is_the_same(people, namesake):
    services.confirm(people.head, lifting.ask(people.officer, namesake, "查過"))
    member_of(namesake.application.organisation, user=people.reviewer)
    look()
    namesake.refresh_from_db()
    assert (namesake.by_name, namesake.lifted_on) == (False, None)
    with pytest.raises(Refused, match="只有因為姓名相同"):
        lifting.ask(people.officer, namesake, "查過")


def test_another_interest_keeps_the_case_hidden(people, namesake):
    Conflict.objects.create(
        application=namesake.application, person=people.reviewer, ground="phone", found_on=clock.today()
    )
    services.confirm(people.head, lifting.ask(people.officer, namesake, "查過"))
    assert ReviewAssignment.objects.get().interest == "conflict"
    assert set(interests.reasons(namesake.application, [people.reviewer])) == {people.reviewer.pk}


def test_nobody_lifts_their_own(people, namesake):
    for role in (Role.CASE_OFFICER, Role.APPROVER):
        PostFactory(user=people.reviewer, role=role)
    own = User.objects.get(pk=people.reviewer.pk)
    with pytest.raises(Refused, match="利害關係"):
        lifting.ask(own, namesake, "是別人")
    change = lifting.ask(people.officer, namesake, "查過")
    with pytest.raises(Refused, match="利害關係"):
        services.confirm(own, change)
    assert signed_in(own).get(reverse("grants:conflict", args=[namesake.pk])).status_code == 404
    for other in (people.head, person(Role.CASE_OFFICER, "miaoli")):
        with pytest.raises(Refused):
            lifting.ask(other, namesake, "查過")


def test_asked_for_on_its_page(people, namesake):
    client = signed_in(people.officer)
    path = reverse("grants:conflict", args=[namesake.pk])
    assert path in client.get("/panels/kaohsiung/").content.decode()
    assert path in client.get(f"/applications/{namesake.application.number}/reviewers/").content.decode()
    assert client.post(path, {"reason": " "}).context["form"].errors == {"reason": ["這一欄還沒有填。"]}
    asked = client.post(path, {"reason": "電話問過"})
    shown = client.get(asked.url).content.decode()
    assert [words for words in ("查明不是同一人，解除", str(people.reviewer), "電話問過") if words not in shown] == []
    assert "等主管確認" in client.get(path).content.decode()
