"""An association and the county's officer, as most tests of the registry have them.

pytest may read this file before the settings are there, so that the portal's modules are imported where they are needed.
"""

import pytest


@pytest.fixture
def organisation():
    from tests.factories.communities import OrganisationFactory

    return OrganisationFactory()


@pytest.fixture
def by():
    """Who is written into the trail."""
    from miaoli_kaohsiung.accounts.enums import Role
    from miaoli_kaohsiung.audit.trail import Actor
    from tests.factories.accounts import person

    return Actor(person(Role.CASE_OFFICER), "高雄縣 縣府承辦人")
