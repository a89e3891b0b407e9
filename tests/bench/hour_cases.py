"""Drafts that are ready to be filed, many alike, and what the database says of them after the hour."""

import io
import itertools
from importlib import import_module
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test.utils import override_settings
from PIL import Image

from grants.models import Application, ApplicationVersion
from grants.services.applications import drafts
from miaoli_kaohsiung.accounts.models import User
from tests.bench.pages import CSRF
from tests.factories.communities import OrganisationFactory, chair_of
from tests.factories.grants import ApplicationFactory
from tests.grants.filing import ready_case

if TYPE_CHECKING:
    from tests.bench.hour import Case, Hour


def _scan() -> bytes:
    """A page as a telephone photographs it: it hardly packs."""
    out = io.BytesIO()
    Image.effect_noise((1000, 1400), 30).convert("RGB").save(out, "PDF", quality=40)
    return out.getvalue()


SCAN = _scan()


def make(filings: int, writing: int) -> tuple[list["Case"], list["Case"]]:
    """So many associations with a draft each that could be filed at once, and their chairpersons signed in."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        first = OrganisationFactory()
        seed = ready_case(first, chair_of(first))
        return [_alike(seed) for _ in range(filings)], [_alike(seed) for _ in range(writing)]


def _alike(seed: Application) -> "Case":
    from tests.bench.hour import Case

    body = OrganisationFactory()
    chair = chair_of(body)
    kept = (
        "contact_name",
        "contact_phone",
        "goal",
        "content",
        "beneficiaries",
        "answers",
        "requested_total",
        "edition",
    )
    case = ApplicationFactory(organisation=body, created_by=chair, **{name: getattr(seed, name) for name in kept})
    for row in (*seed.lines.all(), *seed.documents.all()):
        row.pk, row.application = None, case
        row.save(force_insert=True)
    drafts.index(case)
    case.refresh_from_db()
    return Case(case.pk, case.number, _cookies(chair), case.edition)


def _cookies(user: User) -> str:
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={CSRF}"


def check(hour: "Hour") -> dict[str, object]:
    """What was lost or doubled, and whether the order in which cases were filed is that in which they arrived."""
    filed = {case.pk: case for case in hour.cases if case.answered}
    versions = list(ApplicationVersion.objects.filter(application__in=filed).order_by("filed_at", "id"))
    goals = dict(Application.objects.filter(pk__in=[draft.pk for draft in hour.drafts]).values_list("pk", "goal"))
    papers = Application.objects.filter(pk__in=filed, documents__kind="other").distinct().count()
    return {
        "filed": f"{len(versions)} versions of {len({row.application_id for row in versions})} cases, answered {len(filed)}",
        "papers lost": len(filed) - papers,
        "drafts lost": sum(goals[draft.pk] != draft.saved for draft in hour.drafts if draft.saved),
        "filed out of order": _out_of_order([filed[row.application_id] for row in versions]),
        "numbers out of order": sum(later.pk < earlier.pk for earlier, later in itertools.pairwise(versions)),
    }


def _out_of_order(cases: list["Case"]) -> int:
    """How many stand after one that was sent only once they had been answered."""
    latest, wrong = 0.0, 0
    for case in cases:
        wrong += case.answered < latest
        latest = max(latest, case.sent)
    return wrong
