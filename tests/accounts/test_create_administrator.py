import getpass

import pytest
from django.core.management import CommandError, call_command

from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.audit.models import AuditEntry

pytestmark = pytest.mark.django_db

PASSWORD = "seven-oaks-by-the-river"


def create(monkeypatch, *typed, username="first", email="First@example.org"):
    answers = iter(typed)
    monkeypatch.setattr(getpass, "getpass", lambda prompt: next(answers))
    call_command("create_administrator", username, email, "王管理")


def test_the_first_administrator_signs_in_and_leaves_a_trace(monkeypatch, client):
    create(monkeypatch, PASSWORD, PASSWORD)
    user = User.objects.get()
    assert (user.username, user.email, user.is_superuser) == ("first", "first@example.org", False)
    assert [(post.role, post.county) for post in posts_of(user)] == [(Role.ADMINISTRATOR, "")]
    entries = AuditEntry.objects.order_by("seq").values_list("action", "post_label")
    assert list(entries) == [("account.create", "create_administrator"), ("post.give", "create_administrator")]
    assert client.login(username="first", password=PASSWORD)


@pytest.mark.parametrize(
    ("typed", "options"),
    [
        ((PASSWORD, "seven-oaks-by-the-sea"), {}),
        (("short", "short"), {}),
        ((PASSWORD, PASSWORD), {"username": "two words"}),
        ((PASSWORD, PASSWORD), {"email": "nowhere"}),
    ],
)
def test_what_is_refused_makes_nothing(monkeypatch, typed, options):
    with pytest.raises(CommandError):
        create(monkeypatch, *typed, **options)
    assert not User.objects.exists()


def test_a_name_that_is_taken_is_refused(monkeypatch):
    create(monkeypatch, PASSWORD, PASSWORD)
    with pytest.raises(CommandError):
        create(monkeypatch, PASSWORD, PASSWORD, email="other@example.org")
    assert User.objects.count() == 1
