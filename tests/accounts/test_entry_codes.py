"""The printed code: issued for others only, used once, guessed by nobody, and alike to whoever has no account."""

import datetime as dt

import pytest
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.urls import reverse

from miaoli_kaohsiung.accounts import entry_codes
from miaoli_kaohsiung.accounts.entry_codes import EntryError
from miaoli_kaohsiung.accounts.enums import EntryPurpose, Role
from miaoli_kaohsiung.accounts.models import EntryCode, SignInFailures, User
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import clock
from tests.factories.accounts import UserFactory, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_counted")]
NEW = {"password": "鹿野-88-2010-good", "again": "鹿野-88-2010-good"}


@pytest.fixture
def officer():
    return person(Role.CASE_OFFICER)


@pytest.fixture
def printed(officer):
    with trail.unit_of_work(Actor(officer)):
        user = entry_codes.open_account("王大明", "0912-345-678")
        return entry_codes.issue(Actor(officer), user, EntryPurpose.FIRST)


def typed(client, login, code):
    return client.post(reverse("entry"), {"login": login, "code": code})


def qr(printed):
    return reverse("entry-link", args=[printed.token])


@pytest.mark.parametrize("written", ["{0}", "１２", " {0} "])
def test_the_code_is_typed_and_a_password_set(client, printed, written):
    if written == "１２":
        shown = printed.grouped.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    else:
        shown = written.format(printed.grouped)
    assert typed(client, "王大明", shown).url == reverse("entry-password")
    assert client.post(reverse("entry-password"), NEW).url == "/desk/"
    user = User.objects.get(username="王大明")
    assert user.check_password(NEW["password"])
    assert client.get(reverse("me")).wsgi_request.user == user
    # Once: neither the code nor the QR opens anything again.
    client.logout()
    assert typed(client, "王大明", printed.code).status_code == 422
    assert client.get(qr(printed)).status_code == 410
    assert client.get(reverse("entry-password")).url == reverse("entry")


def test_the_telephone_serves_as_name_and_the_qr_needs_none(client, printed):
    assert typed(client, "0912345678", printed.code).status_code == 302
    assert client.get(qr(printed)).status_code == 200
    assert EntryCode.objects.get().used_at is None, "looking uses nothing up"
    assert client.post(qr(printed), NEW).url == "/desk/"


def test_wrong_names_codes_and_old_letters_read_alike(client, printed):
    UserFactory(username="another")
    answers = [typed(client, *pair) for pair in (("王大明", "000"), ("another", "000"), ("nobody", "000"))]
    with clock.travel(printed.row.expires_on + dt.timedelta(days=1)):
        answers.append(typed(client, "王大明", printed.code))
    assert {answer.status_code for answer in answers} == {422}
    assert len({str(answer.context["form"].errors) for answer in answers}) == 1
    with clock.travel(printed.row.expires_on):
        assert typed(client, "王大明", printed.code).status_code == 302


def test_guesses_are_counted_and_stop(client, printed):
    for _ in range(5):
        assert typed(client, "王大明", "000000000000").status_code == 422
    assert typed(client, "王大明", printed.code).status_code == 429
    assert sum(SignInFailures.objects.values_list("codes", flat=True)) == 5
    assert typed(client, "nobody", "1").status_code == 422


def test_neither_code_nor_token_is_stored_or_recorded(printed):
    stored = " ".join(str(value) for value in EntryCode.objects.values().get().values())
    recorded = str(list(AuditEntry.objects.values_list("after", flat=True)))
    for secret in (printed.code, printed.grouped, printed.token):
        assert secret not in stored + recorded


def test_another_letter_makes_the_first_void(client, officer, printed):
    again = entry_codes.issue(Actor(officer), printed.row.user, EntryPurpose.FIRST)
    assert typed(client, "王大明", printed.code).status_code == 422
    assert client.get(qr(printed)).status_code == 410
    assert typed(client, "王大明", again.code).status_code == 302


def test_a_weak_password_is_said_and_uses_nothing_up(client, printed):
    for data in ({"password": "short", "again": "short"}, NEW | {"again": "x"}):
        assert client.post(qr(printed), data).status_code == 422
    assert EntryCode.objects.get().used_at is None


def test_nobody_gets_one_for_oneself_nor_for_an_authority(officer):
    clerk = person(Role.TOWNSHIP_OFFICER, township_code="64000300")
    known = UserFactory()
    for user, purpose in (
        (officer, EntryPurpose.RECOVERY),
        (clerk, EntryPurpose.RECOVERY),
        (known, EntryPurpose.FIRST),
        (UserFactory(is_active=False), EntryPurpose.RECOVERY),
    ):
        with pytest.raises(EntryError):
            entry_codes.issue(Actor(officer), user, purpose)
    with pytest.raises(IntegrityError, match="entry_code_not_for_oneself"), transaction.atomic():
        EntryCode.objects.create(
            user=known,
            issued_by=known,
            purpose="first",
            token_sha256="x",
            issued_at=clock.now(),
            expires_on="2010-07-01",
        )


def test_a_recovery_ends_sessions_and_removes_the_lost_second_factor(client, officer):
    user = UserFactory(username="lost")
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    client.force_login(user)
    printed = entry_codes.issue(Actor(officer), user, EntryPurpose.RECOVERY)
    other = type(client)()
    assert other.post(qr(printed), NEW).url == "/desk/"
    assert client.get(reverse("me")).status_code == 302
    assert not Authenticator.objects.filter(user=user).exists()
    assert other.get(reverse("me")).status_code == 200


def test_names_that_are_taken_get_a_number(officer):
    with trail.unit_of_work(Actor(officer)):
        names = [entry_codes.open_account(name).username for name in ("王大明", "王大明", "伊斯坦大·呼頌", "・・")]
    assert names == ["王大明", "王大明2", "伊斯坦大呼頌", "user"]
