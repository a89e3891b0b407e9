"""What most tests of cases need: the people of a county, an association and its people, a case, an award, a letter.

pytest may read this file before the settings are there, so that the portal's modules are imported where they are needed.
"""

import datetime as dt
from types import SimpleNamespace

import pytest


@pytest.fixture
def people() -> SimpleNamespace:
    """One person a post of the county."""
    from tests.factories import reviews

    return reviews.staff()


@pytest.fixture
def staff() -> SimpleNamespace:
    """Those of the county through whom money passes: two of them finance officers."""
    from tests.factories import money

    return money.county()


@pytest.fixture
def scheme():
    from tests.factories.grants import SchemeFactory

    return SchemeFactory()


@pytest.fixture
def organisation():
    from tests.factories.communities import OrganisationFactory

    return OrganisationFactory()


@pytest.fixture
def member(organisation):
    """A member of the association's staff."""
    from tests.factories.communities import member_of

    return member_of(organisation)


@pytest.fixture
def chair(organisation):
    from tests.factories.communities import chair_of

    return chair_of(organisation)


@pytest.fixture
def case(organisation, member):
    """A draft with everything that filing asks for."""
    from .filing import ready_case

    return ready_case(organisation, member)


@pytest.fixture
def award(staff, organisation):
    """80,000 and 40,000, in two instalments of 60,000."""
    from tests.factories import money

    return money.approved(staff=staff, organisation=organisation, settlement_due=dt.date(2010, 9, 30))


@pytest.fixture
def letter_draft(people):
    """The draft of an approval."""
    from tests.factories import reviews

    return reviews.approved(people).application.letters.get()


@pytest.fixture
def rendered(monkeypatch) -> list[list[int]]:
    """Which letters were rendered, time by time; the bytes are cheap ones."""
    from grants.letters import compose

    calls = []

    def render(batch, *, final=False):
        calls.append([letter.pk for letter in batch])
        return b"%PDF-1.7 " + str(calls).encode()

    monkeypatch.setattr(compose, "render", render)
    return calls
