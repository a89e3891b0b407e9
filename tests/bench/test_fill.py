"""The benchmark's copies keep what the database asks of the originals."""

import pytest

from communities.models import Organisation
from tests.bench.fill import ORGANISATIONS, organisations
from tests.factories.communities import OrganisationFactory


@pytest.mark.django_db
def test_associations_are_copied_with_names_of_their_own():
    OrganisationFactory.create_batch(2)
    organisations()
    assert Organisation.objects.count() == 2 * ORGANISATIONS
    assert Organisation.objects.values("folded_name").distinct().count() == 2 * ORGANISATIONS
