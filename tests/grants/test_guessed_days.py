"""A day counted in a year that has no calendar says so, and no letter states it as final unseen."""

import pytest

from grants.models import Deadline
from grants.services.letters import dispatch
from miaoli_kaohsiung.lib import office_calendar
from miaoli_kaohsiung.lib.office_calendar import Calendar

from .issuing import NUMBER, TODAY, form_data

pytestmark = pytest.mark.django_db
GUESSED = "依週六、週日推算，該年行事曆尚未登錄"


@pytest.fixture
def no_calendar(monkeypatch):
    monkeypatch.setattr(office_calendar, "_sources", [lambda _county, _township: Calendar(frozenset())])


def test_an_officer_confirms_the_days_before_a_letter_states_them(people, letter_draft, rendered, client, no_calendar):
    client.force_login(people.officer)
    at = f"/letters/{letter_draft.pk}/"
    draft = client.get(at)
    assert GUESSED in draft.content.decode()
    where = client.post(at, form_data(draft, command="check", dispatch_number=NUMBER)).url
    page = client.get(where)
    assert "這些期限所在的年度還沒有行事曆" in page.content.decode()
    refused = client.post(where, form_data(page))
    assert (refused.status_code, "請先看過推算的期限" in refused.content.decode()) == (422, True)
    letter_draft.refresh_from_db()
    assert letter_draft.dispatch_number == ""
    assert client.post(where, form_data(page) | {"guessed_days": "on"}).url == at
    letter_draft.refresh_from_db()
    assert GUESSED in "".join(letter_draft.explanation)
    assert Deadline.objects.filter(application=letter_draft.application).exists()


def test_no_caller_issues_such_a_letter_without_the_confirmation(people, letter_draft, rendered, no_calendar):
    with pytest.raises(dispatch.GuessedDaysError):
        dispatch.issue(people.officer, letter_draft, dispatch_number=NUMBER, dispatched_on=TODAY)


def test_days_of_a_known_year_ask_for_nothing(people, letter_draft, rendered, client):
    client.force_login(people.officer)
    at = f"/letters/{letter_draft.pk}/"
    where = client.post(at, form_data(client.get(at), command="check", dispatch_number=NUMBER)).url
    page = client.get(where)
    assert "guessed_days" not in page.content.decode()
    assert client.post(where, form_data(page)).url == at
