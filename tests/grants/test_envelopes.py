"""A year's envelope: one person proposes it with a paper, another confirms it, and only then it counts."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import ProgrammingError, transaction

from grants.models import Envelope, EnvelopeChange
from grants.queries.desk import tasks
from grants.services.awards import decisions
from grants.services.schemes import envelopes
from grants.services.schemes.envelopes import EnvelopeDraft
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.files.services import check
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import Notice
from tests.factories import reviews
from tests.factories.accounts import person
from tests.factories.grants import EnvelopeFactory, SchemeFactory
from tests.files.samples import pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme(people):
    return SchemeFactory()


def paper() -> SimpleUploadedFile:
    return SimpleUploadedFile("簽.pdf", pdf(), content_type="application/pdf")


def draft(amount: int = 6_000_000, year: int = 2010) -> EnvelopeDraft:
    return EnvelopeDraft(year, amount, "府主預字第0990000031號", "追加預算", check(paper()))


def waiting(user) -> dict[str, int]:
    return {count.queue.kind: count.number for count in tasks.desk_of(user).counts}


def test_an_envelope_counts_once_another_person_confirmed_it(people, scheme):
    change = envelopes.propose(people.finance, scheme, draft())
    assert (Envelope.objects.count(), change.before) == (0, None)
    assert (waiting(people.head), waiting(people.finance)) == ({"envelope": 1}, {})
    assert Notice.objects.filter(recipient=people.head, kind="envelope.waits").count() == 1
    with pytest.raises(Refused, match="不能自己確認"):
        envelopes.decide(people.finance, change, "confirm")
    envelopes.decide(people.head, change, "confirm")
    envelopes.decide(people.head, change, "confirm")
    assert list(Envelope.objects.values_list("year", "amount")) == [(2010, 6_000_000)]
    assert waiting(people.head) == {}
    actions = AuditEntry.objects.filter(action__startswith="envelope").order_by("seq").values_list("action", flat=True)
    assert list(actions) == ["envelope.propose", "envelope_change.confirm", "envelope.set"]


@pytest.mark.parametrize("amount", [1, 5_000_001])
def test_the_database_takes_no_amount_that_nobody_confirmed(scheme, amount):
    """Neither from a shell nor from a job: what one person writes past the services is refused."""
    envelope = EnvelopeFactory(scheme=scheme, amount=5_000_000)
    envelope.amount = amount
    with pytest.raises(ProgrammingError, match="No confirmed change"), transaction.atomic():
        envelope.save()
    with pytest.raises(ProgrammingError, match="No confirmed change"), transaction.atomic():
        Envelope.objects.create(scheme=scheme, year=2011, amount=5_000_000)
    assert list(Envelope.objects.values_list("year", "amount")) == [(2010, 5_000_000)]


def test_a_refused_change_leaves_the_envelope_as_it_was(people, scheme):
    EnvelopeFactory(scheme=scheme, amount=5_000_000)
    change = envelopes.propose(people.head, scheme, draft(9_000_000))
    assert change.before == 5_000_000
    envelopes.decide(people.finance, change, "refuse", "沒有追加預算")
    assert Envelope.objects.get().amount == 5_000_000
    change.refresh_from_db()
    assert change.decision_note == "沒有追加預算"
    assert Notice.objects.get(recipient=people.head, kind="envelope.refuse").body.endswith("沒有追加預算")


@pytest.mark.parametrize("role", [Role.CASE_OFFICER, Role.ADMINISTRATOR, Role.AUDITOR, Role.REVIEWER])
def test_no_other_post_proposes_or_confirms(people, scheme, role):
    user = person(role)
    with pytest.raises(Refused):
        envelopes.propose(user, scheme, draft())
    change = envelopes.propose(people.finance, scheme, draft())
    with pytest.raises(Refused):
        envelopes.decide(user, change, "confirm")
    with pytest.raises(Refused):
        envelopes.decide(person(Role.APPROVER, "miaoli"), change, "confirm")
    assert Envelope.objects.count() == 0


def test_one_change_of_a_year_is_open_at_a_time(people, scheme):
    envelopes.propose(people.finance, scheme, draft())
    with pytest.raises(Refused, match="99年度已經有一筆額度等人確認"):
        envelopes.propose(people.head, scheme, draft(7_000_000))
    assert envelopes.propose(people.head, scheme, draft(year=2011)).year == 2011


def test_who_proposed_a_larger_envelope_does_not_go_beyond_the_present_one_alone(people):
    proposal = reviews.proposed(people)
    case = proposal.application
    EnvelopeFactory(scheme=case.scheme, amount=1)
    change = envelopes.propose(people.head, case.scheme, draft(99_000_000))
    with pytest.raises(Refused, match="還沒有人確認"):
        decisions.approve(people.head, case, memo_number="簽1")
    envelopes.decide(people.finance, change, "refuse", "不同意")
    assert decisions.approve(people.head, case, memo_number="簽1").memo_number == "簽1"


def test_pages(people, scheme, client):
    at = f"/schemes/{scheme.slug}/envelopes/"
    client.force_login(people.finance)
    data = {"year": "99", "amount": "6,000,000", "memo_number": "府主預字第0990000031號", "reason": "追加預算"}
    answer = client.post(at, data)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["scan"])
    assert client.post(at, data | {"scan": paper()}).status_code == 302
    change = EnvelopeChange.objects.get()
    page = client.get(at).content.decode()
    assert ("待確認" in page, "確認這筆額度" in page) == (True, False)
    assert client.post(f"{at}{change.pk}/confirm/").status_code == 403
    client.force_login(people.head)
    assert "確認這筆額度" in client.get(at).content.decode()
    assert client.post(f"{at}{change.pk}/refuse/").status_code == 422
    assert client.get(f"{at}{change.pk}/scan/").status_code == 200
    assert client.post(f"{at}{change.pk}/confirm/").status_code == 302
    page = client.get(at).content.decode()
    assert ("歷次登錄" in page, "追加預算" in page) == (True, True)
    client.force_login(people.admin)
    assert client.get(at).status_code == 403


def test_less_than_what_is_approved_is_asked_about_and_stands(people, client):
    award = reviews.approved(people)
    scheme, approved = award.application.scheme, award.total
    before = set(EnvelopeChange.objects.values_list("pk", flat=True))
    at = f"/schemes/{scheme.slug}/envelopes/"
    client.force_login(people.finance)
    data = {"year": "99", "amount": f"{approved - 1}", "memo_number": "簽1", "reason": "刪減", "below": "False"}
    answer = client.post(at, data | {"scan": paper()})
    form = answer.context["form"]
    assert (answer.status_code, EnvelopeChange.objects.count()) == (422, len(before))
    assert "比這個額度多 1 元" in form.errors["below"][0]
    assert form.fields["below"].widget.input_type == "checkbox"
    assert form["below"].value() is False
    assert client.post(at, data | {"below": "on", "scan": paper()}).status_code == 302
    client.force_login(people.head)
    assert "已核定的超過新額度" in client.get(at).content.decode()
    assert client.post(f"{at}{EnvelopeChange.objects.exclude(pk__in=before).get().pk}/confirm/").status_code == 302
    assert (Envelope.objects.get(year=2010).amount, type(award).objects.get().total) == (
        approved - 1,
        approved,
    )
    envelopes.propose(people.finance, scheme, draft(approved))


@pytest.mark.parametrize(("year", "amount"), [("九九", "100"), ("99", "一千"), ("99", "-5"), ("", "")])
def test_bad_figures_are_said_at_the_field(people, scheme, client, year, amount):
    client.force_login(people.head)
    data = {"year": year, "amount": amount, "memo_number": "簽1", "reason": "追加", "scan": paper()}
    answer = client.post(f"/schemes/{scheme.slug}/envelopes/", data)
    assert (answer.status_code, EnvelopeChange.objects.count()) == (422, 0)
    assert "請先改好下列各項" in answer.content.decode()


def test_another_countys_people_are_told_why_not(people, client):
    scheme = SchemeFactory(county="miaoli")
    client.force_login(people.head)
    answer = client.post(f"/schemes/{scheme.slug}/envelopes/", {"year": "99", "amount": "1"})
    assert answer.status_code == 403
    assert "另一個縣" in answer.content.decode()
