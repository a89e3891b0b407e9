"""What stands in the database before the upgrade: people with a session each, and cases at every stage.

Run by the old release with its own factories, so that every row is as that release writes it; says as JSON what there is.
"""

import json
import os
import sys
from importlib import import_module

PAIRS = 2


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "miaoli_kaohsiung.settings")
    import django

    django.setup()
    json.dump(begin(), sys.stdout)


def begin() -> dict:
    from tests.factories import money, reviews
    from tests.factories.accounts import person
    from tests.factories.communities import OrganisationFactory, chair_of, member_of
    from tests.factories.grants import EnvelopeFactory
    from tests.grants.filing import ready_case

    people = reviews.staff()
    drafts = []
    for _ in range(PAIRS * 3):
        chair = chair_of(body := OrganisationFactory())
        drafts.append({"number": ready_case(body, chair).number, "member": session_of(chair)})
    proposed = [reviews.proposed(people).application for _ in range(PAIRS)]
    EnvelopeFactory(scheme=proposed[0].scheme)
    awards = [money.approved(staff=people) for _ in range(PAIRS * 2)]
    return {
        "officer": session_of(people.officer),
        "head": session_of(people.head),
        "finance": session_of(people.finance),
        "auditor": session_of(person("auditor")),
        "drafts": drafts,
        "checked": [reviews.checked(people).number for _ in range(PAIRS)],
        "proposed": [case.number for case in proposed],
        "awards": [
            {"number": award.number, "member": session_of(member_of(award.application.organisation))}
            for award in awards
        ],
    }


def session_of(user) -> str:
    """The key of a session of somebody who has signed in."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session.session_key


if __name__ == "__main__":
    main()
