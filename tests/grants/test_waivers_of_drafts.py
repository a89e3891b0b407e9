"""A waiver lets a draft be filed, so officers reach its page by the number that they were given, and learn nothing else of it."""

import pytest
from django.test import Client
from django.urls import reverse

from miaoli_kaohsiung.accounts.enums import Role
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, chair_of

from .filing import filed_case, ready_case

pytestmark = pytest.mark.django_db
NAME = "高雄縣旗山鎮不說名字社區發展協會"


@pytest.mark.parametrize(("build", "named"), [(ready_case, False), (filed_case, True)])
def test_whose_a_draft_is_stays_the_associations(build, named):
    organisation = OrganisationFactory(name=NAME)
    case = build(organisation, chair_of(organisation))
    client = Client()
    client.force_login(person(Role.CASE_OFFICER))
    page = client.get(reverse("grants:waivers", args=[case.number]))
    assert page.status_code == 200
    words = page.content.decode()
    assert (case.number in words, NAME in words) == (True, named)
