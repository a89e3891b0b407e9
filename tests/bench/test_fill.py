"""The benchmark's copies keep what the database asks of the originals."""

import pytest

from communities.models import Organisation
from grants.enums import ApplicationStatus
from grants.models import Application, BudgetLine, Letter, NumberSeries
from grants.services.applications import drafts
from miaoli_kaohsiung.lib import natural, search
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
    case = BudgetLineFactory(person="王小明、林小惠", application__status=ApplicationStatus.SUBMITTED).application
    Application.objects.update(number="88-099-9999")
    drafts.index(case)
    NumberSeries.objects.create(scheme=case.scheme, year=2010, last=9_999)
    number = {"dispatch_number": "府社區字第0990001號", "dispatch_key": "府社區字第0990001號"}
    officer = UserFactory()
    Letter.objects.create(
        application=case, county=case.county, prepared_by=officer, prepared_on=case.created_on, **number
    )
    organisations()
    cases(5)
    numbers = ["88-098-0001", "88-098-0002", "88-099-9999", "88-099-10000", "88-099-10001"]
    assert list(Application.objects.order_by(natural.in_order("number")).values_list("number", flat=True)) == numbers
    found = Application.objects.filter(search.matching("search", "88-099-10001"))
    assert [row.created_on.year for row in found] == [2010]
    assert BudgetLine.objects.values("application").distinct().count() == 5
    assert Letter.objects.values("dispatch_key").distinct().count() == 5
