"""The reader of what a post writes sees a field that nobody offered."""

from collections.abc import Mapping
from http.cookies import SimpleCookie
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs

import pytest

from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from tests.factories.accounts import person
from tests.recorded import press
from tests.undeclared import taken

pytestmark = pytest.mark.django_db


class Portal:
    """Writes the fields of `reads` into the row of a person, each as it was posted, else as it stands."""

    def __init__(self, reads: Mapping[str, Any]) -> None:
        self.reads, self.user, self.cookies = reads, person(Role.CASE_OFFICER), SimpleCookie()

    def generic(self, method: str, url: str, body: str, content_type: str) -> SimpleNamespace:
        posted = {name: values[0] for name, values in parse_qs(body).items()}
        values = {name: posted.get(name, standing) for name, standing in self.reads.items()}
        User.objects.filter(pk=self.user.pk).update(**values)
        return SimpleNamespace(status_code=302)


def taken_from(portal: Portal, offered: dict[str, str]) -> list[str]:
    client: Any = portal
    return taken(client, "/", offered, set(offered), press(client, "/", offered))


@pytest.mark.parametrize("reads", [{"display_name": "甲", "email": ""}, {"display_name": "甲", "phone": ""}])
def test_a_text_that_was_not_offered_is_seen(reads):
    found = taken_from(Portal(reads), {"display_name": "乙"})
    assert len(found) > 0


def test_a_flag_that_was_not_offered_is_seen():
    class Flags(Portal):
        def generic(self, method: str, url: str, body: str, content_type: str) -> SimpleNamespace:
            User.objects.filter(pk=self.user.pk).update(is_superuser="is_superuser=on" in body)
            return SimpleNamespace(status_code=302)

    assert len(taken_from(Flags({}), {"go": ""})) == 2


def test_what_was_offered_may_be_written():
    assert taken_from(Portal({"display_name": "甲"}), {"display_name": "乙"}) == []
