"""The benchmark's copies keep what the database asks of the originals."""

import pytest

from communities.models import Organisation
from grants.models import Application, BudgetLine, Letter
from tests.bench.fill import ORGANISATIONS, cases, organisations
from tests.factories.accounts import UserFactory
from tests.factories.communities import OrganisationFactory
from tests.factories.grants import BudgetLineFactory


@pytest.mark.django_db
def test_associations_are_copied_with_names_of_their_own():
    OrganisationFactory.create_batch(2)
    organisations()
    assert Organisation.objects.count() == 2 * ORGANISATIONS
    assert Organisation.objects.values("folded_name").distinct().count() == 2 * ORGANISATIONS


@pytest.mark.django_db
def test_cases_are_copied_with_their_lines_and_numbers_of_their_own():
    case = BudgetLineFactory(person="王小明、林小惠").application
    number = {"dispatch_number": "府社區字第0990001號", "dispatch_key": "府社區字第0990001號"}
    officer = UserFactory()
    Letter.objects.create(
        application=case, county=case.county, prepared_by=officer, prepared_on=case.created_on, **number
    )
    organisations()
    cases(5)
    assert Application.objects.values("number").distinct().count() == Application.objects.count() == 5
    assert BudgetLine.objects.values("application").distinct().count() == 5
    assert Letter.objects.values("dispatch_key").distinct().count() == 5
