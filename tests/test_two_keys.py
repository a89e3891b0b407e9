"""Addresses with several objects: each key must fit the others, or a neighbour's paper is read by counting on.

tests/test_routes.py tries strangers with a whole address of somebody else. Here people try a case of their own with the
inner key of another case: the paper of case B is not found below case A, not even for those who may see both.
"""

from collections.abc import Iterator
from itertools import combinations

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from miaoli_kaohsiung.lib.leads_back import LeadsBack
from tests.routes import World
from tests.test_routes import IN, KNOWN, LOGIN, ROUTES, ask, outcome, session_of

pytestmark = pytest.mark.django_db
# Keys that are no object of their own: a word of the address, or a place in a row such as the first instalment.
NO_OBJECTS = {"name", "extension", "slug", "kind", "what", "n", "token", "county", "year", "code", "position", "filing"}


def keys(patterns: list[URLPattern | URLResolver], namespace: str = "") -> Iterator[tuple[str, set[str]]]:
    """Every name with the keys of its address."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from keys(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else namespace)
        else:
            yield f"{namespace}{pattern.name}", set(pattern.pattern.regex.groupindex)


# Any association of a county may come to any of its courses.
INDEPENDENT = {"communities:association-course"}
SEVERAL = sorted(
    name
    for name, found in keys(get_resolver().url_patterns)
    if name in KNOWN and name not in INDEPENDENT and len(found - NO_OBJECTS) > 1
)


def mixtures(mine: dict, others: dict) -> list[dict]:
    """Every address that takes some of its keys from another object, but not all."""
    differing = [key for key in mine if mine[key] != others[key]]
    taken = [set(some) for size in range(1, len(differing)) for some in combinations(differing, size)]
    return [{key: (others if key in some else mine)[key] for key in mine} for some in taken]


def test_the_addresses_with_several_objects_are_found():
    assert {"grants:application_document", "grants:settlement_paper", "grants:waiver_scan"} <= set(SEVERAL)


@pytest.mark.parametrize("name", SEVERAL)
def test_keys_that_do_not_belong_together_find_nothing(name):
    world = World()
    mine, others = dict(ROUTES[name].kwargs(world)), dict(ROUTES[name].kwargs(World()))
    tried = mixtures(mine, others)
    assert tried, "both builders must make objects of their own"
    sessions = {post: session_of(user) for post, user in world.people.items()}
    let_in = {}
    for kwargs in tried:
        url = reverse(name, kwargs=kwargs)
        for post, session in sessions.items():
            for method in ("GET", "POST"):
                answer, writes = ask(session, method, url)
                # A post that finds nothing to take away may lead back to the page, as long as it takes nothing away.
                harmless = answer.status_code == 405 or leads_back(answer) or (method == "POST" and not writes)
                if outcome(answer) in (IN, LOGIN) and not harmless:
                    let_in[post, method, tuple(kwargs.items())] = answer.status_code
    assert let_in == {}


def leads_back(answer) -> bool:
    """GET on an address for posts alone: it shows a page above, which guards itself."""
    return isinstance(answer, LeadsBack)
