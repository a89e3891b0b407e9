"""A chairperson whose term is over reads on and sees what must still be done; the county sees the term."""

import datetime as dt

import pytest

from communities.models import OfficeTerm
from grants.enums import ApplicationStatus as S
from grants.enums import DeadlineKind
from grants.queries.desk.tasks import desk_of
from grants.services import notices
from miaoli_kaohsiung.accounts.enums import Office
from miaoli_kaohsiung.accounts.models import Post
from tests.factories import money
from tests.factories.communities import chair_of, member_of
from tests.factories.grants import ApplicationFactory

from .desks import TODAY, YESTERDAY, waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def lapsed(people):
    """A chairperson whose term ended yesterday, with an award that waits for its receipt."""
    award = money.approved(staff=people, receipt_due=dt.date(2010, 6, 20))
    chair = chair_of(award.application.organisation)
    for model in (Post, OfficeTerm):
        model.objects.filter(user=chair).update(valid_to=YESTERDAY)
    return chair, award


def test_reads_on_and_sees_what_must_still_be_done(client, lapsed):
    chair, award = lapsed
    client.force_login(chair)
    page = client.get("/desk/")
    assert "理事長任期到 99年5月31日" in page.content.decode()
    assert [task.queue.kind for task in page.context["desk"].tasks] == ["receipt"]
    assert ("看內容" in page.content.decode(), 'href="/payments/"' in page.content.decode()) == (True, True)
    assert [case.number for case in page.context["running"]] == [award.number]
    for address in ("/applications/", f"/applications/{award.number}/", f"/awards/{award.number}/", "/payments/"):
        assert client.get(address).status_code == 200, address
    answer = client.post(f"/awards/{award.number}/instalments/1/request/", {"receipt_number": "1"})
    assert (answer.status_code, "理事長任期到 99年5月31日" in answer.content.decode()) == (403, True)


def test_what_still_waits_leads_to_pages_that_may_be_read(client, people, lapsed):
    chair, award = lapsed
    organisation = award.application.organisation
    for status in (S.AWAITING_CHAIR, S.CORRECTION_REQUESTED):
        ApplicationFactory(organisation=organisation, status=status, officer=people.officer)
    client.force_login(chair)
    tasks = client.get("/desk/").context["desk"].tasks
    assert {task.queue.kind for task in tasks} == {"receipt", "confirm", "correct"}
    assert {task.url: client.get(task.url).status_code for task in tasks} == {task.url: 200 for task in tasks}


def test_the_staff_is_told_why_nobody_confirms(client, lapsed):
    _chair, award = lapsed
    organisation = award.application.organisation
    case = ApplicationFactory(organisation=organisation, status=S.AWAITING_CHAIR)
    client.force_login(member_of(organisation))
    at = f"/applications/{case.number}/"
    assert "理事長任期到 99年5月31日" in client.get(at).context["next"].sub
    OfficeTerm.objects.filter(user=chair_of(organisation)).update(valid_from=TODAY)
    assert "任期" not in client.get(at).context["next"].sub


def test_reads_no_more_once_somebody_is_elected(client, lapsed):
    chair, award = lapsed
    client.force_login(chair)
    successor = chair_of(award.application.organisation)
    OfficeTerm.objects.filter(user=successor).update(valid_from=TODAY)
    assert client.get(f"/awards/{award.number}/").status_code in (403, 404)
    assert client.get("/desk/").context["desk"].total == 0


def test_the_county_sees_terms_that_are_over(people, lapsed):
    _chair, award = lapsed
    assert waiting(people.officer) == {"term": 1}
    (task,) = desk_of(people.officer).tasks
    assert (task.number, task.due_on) == (award.application.organisation.name, YESTERDAY)
    OfficeTerm.objects.create(
        organisation=award.application.organisation,
        office=Office.CHAIRPERSON,
        person_name="新示範",
        valid_from=TODAY,
        valid_to=None,
    )
    assert waiting(people.officer) == {}


def test_reminders_of_an_association_without_a_board_go_to_the_chair_of_before(people, lapsed):
    chair, award = lapsed
    assert notices.members(award.application) == [chair]
    assert DeadlineKind.RECEIPT in set(award.deadlines.values_list("kind", flat=True))
