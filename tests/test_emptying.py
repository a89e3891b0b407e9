"""What a test of real transactions leaves is gone before the next: rows of models, and of the caches that lie in tables."""

import pytest
from django.core.cache import caches

from communities.models import Organisation, Township
from tests.emptying import empty
from tests.factories.communities import OrganisationFactory


@pytest.mark.django_db(transaction=True)
def test_nothing_is_left_but_what_the_migrations_leave():
    OrganisationFactory()
    for name in ("default", "kept"):
        caches[name].set("left", "behind", 600)
    townships = Township.objects.count()
    empty()
    assert (Organisation.objects.count(), Township.objects.count()) == (0, townships)
    assert [caches[name].get("left") for name in ("default", "kept")] == [None, None]
