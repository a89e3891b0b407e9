"""What must stand in the trail leaves exactly one entry: coming in and failing, reads of personal data and of money, files, exports
(R27). What opens an account is in tests/accounts/test_sign_ins.py, posts in tests/accounts.
"""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.urls import reverse

from miaoli_kaohsiung.accounts import reads
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.sign_ins import note_failure, record_failures
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.audit.queries import history_of
from miaoli_kaohsiung.lib import clock
from tests.factories import money
from tests.factories.accounts import UserFactory, person
from tests.factories.communities import OrganisationFactory
from tests.grants import paying

pytestmark = pytest.mark.django_db
PASSWORD = "demo-88-2010"


def noted(since: int) -> list[str]:
    return list(AuditEntry.objects.filter(seq__gt=since).order_by("seq").values_list("action", flat=True))


def newest() -> int:
    return AuditEntry.objects.order_by("-seq").values_list("seq", flat=True).first() or 0


@pytest.fixture
def world(client):
    """A county with an award whose money is about to be paid, and its case officer at the pages."""
    people = money.county()
    part = paying.ready(people)
    client.force_login(people.officer)
    client.get("/")
    return SimpleNamespace(people=people, award=part.award, part=part, client=client)


def sign_in(world):
    world.client.logout()
    world.since = newest()
    world.client.post(
        reverse("account_login"), {"login": UserFactory(username="somebody").username, "password": PASSWORD}
    )


def fail(world):
    note_failure(world.people.finance, "passwords")
    note_failure(world.people.finance, "passwords")
    later = clock.now() + dt.timedelta(minutes=2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: later)
        record_failures()


def get(name, *args):
    def asked(world):
        keys = [argument(world) for argument in args]
        assert world.client.get(reverse(name, args=keys)).status_code == 200

    return asked


def export(world):
    world.client.post(reverse("grants:payment_list"), {"export": "csv"})


ACTS = {
    "account.sign_in": sign_in,
    "account.sign_in_failed": fail,
    "read.personal": get("communities:organisation", lambda world: world.award.application.organisation_id),
    "read.money": get("grants:award_ledger", lambda world: world.award.number),
    "read.file": get("grants:calls_csv"),
    "list.export": export,
}


@pytest.mark.parametrize("action", ACTS)
def test_each_leaves_exactly_one_entry(world, action):
    world.since = newest()
    ACTS[action](world)
    assert noted(world.since) == [action]


def test_reads_say_who_saw_what_of_which_case_and_are_no_part_of_its_history(world):
    world.client.get(reverse("grants:award_ledger", args=[world.award.number]))
    entry = AuditEntry.objects.latest("seq")
    assert (entry.action, entry.actor, entry.case) == ("read.money", world.people.officer, world.award.number)
    assert entry.after == {"what": "收支紀錄"}
    assert entry.pk not in {row.pk for row in history_of(world.award.number)}


def test_a_picture_within_a_page_is_a_part_of_it(rf):
    user = person(Role.CASE_OFFICER)
    picture = HttpResponse(b"x", content_type="image/jpeg")
    since = newest()
    reads.note_file(rf.get("/a", headers={"Sec-Fetch-Dest": "image"}), user, picture, "")
    reads.note_file(rf.get("/a"), user, HttpResponse("page"), "")
    reads.note_file(rf.post("/a"), user, picture, "")
    reads.note_file(rf.get("/a"), user, HttpResponse(b"x", content_type="image/jpeg", status=404), "")
    assert noted(since) == []
    reads.note_file(rf.get("/a"), user, picture, "88-099-0001")
    named = HttpResponse(b"x", headers={"Content-Disposition": "attachment; filename*=utf-8''%E5%87%BD.pdf"})
    reads.note_file(rf.get("/b"), user, named, "")
    rows = list(AuditEntry.objects.filter(seq__gt=since).order_by("seq"))
    assert [(row.case, row.after) for row in rows] == [
        ("88-099-0001", {"file_name": "", "address": "/a"}),
        ("", {"file_name": "函.pdf", "address": "/b"}),
    ]


def test_an_associations_own_page_is_no_read(client):
    own = OrganisationFactory()
    member = person(Role.MEMBER, organisation_id=own.pk)
    client.force_login(member)
    since = newest()
    client.get(reverse("communities:organisation", args=[own.pk]))
    assert noted(since) == []
