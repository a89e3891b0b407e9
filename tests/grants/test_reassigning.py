"""The page that gives a case to another officer."""

import pytest
from django.urls import reverse

from grants.enums import ApplicationStatus as S
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lib import clock
from tests.factories import reviews
from tests.factories.accounts import person
from tests.factories.grants import ApplicationFactory

pytestmark = pytest.mark.django_db


def test_a_case_is_not_offered_to_the_officer_who_has_it(client):
    people = reviews.staff()
    case = ApplicationFactory(status=S.UNDER_REVIEW, officer=people.officer, first_filed_on=clock.today())
    client.force_login(people.head)
    address = reverse("grants:case_officer", args=[case.number])
    text = client.get(address).content.decode()
    assert "沒有別的承辦人" in text
    assert 'name="reason"' not in text
    other = person(Role.CASE_OFFICER, case.county)
    assert list(client.get(address).context["form"].fields["officer"].queryset) == [other]
    answer = client.post(address, {"officer": people.officer.pk, "reason": "調職"})
    assert answer.status_code == 422
