from django.core.files.uploadedfile import SimpleUploadedFile

from grants.models import Scheme
from grants.services.schemes import envelopes, return_terms, sync
from grants.services.schemes.envelopes import EnvelopeDraft
from grants.services.schemes.return_terms import ReturnTerms
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.files.services import check
from tests.factories.accounts import person
from tests.files.samples import pdf

from . import Route, World


def scheme(world: World) -> dict:
    sync.sync()
    return {"slug": Scheme.objects.get(slug="kaohsiung-88").slug}


def export(world: World) -> dict:
    return scheme(world) | {"extension": "toml"}


def change(world: World) -> dict:
    """An envelope that waits for another person than the finance officer."""
    slug = scheme(world)["slug"]
    draft = EnvelopeDraft(
        2013,
        1_000_000,
        "簽102-1",
        "新年度",
        check(SimpleUploadedFile("簽.pdf", pdf(), content_type="application/pdf")),
    )
    author = person(Role.FINANCE_OFFICER)
    return {"slug": slug, "pk": envelopes.propose(author, Scheme.objects.get(slug=slug), draft).pk}


def confirmed(world: World) -> dict:
    return change(world) | {"name": "confirm"}


def terms(world: World) -> dict:
    """Terms of return that wait for another person than the finance officer."""
    slug = scheme(world)["slug"]
    wanted = ReturnTerms(30, "0040037", "012345678901", "高雄縣政府", "簽99-1", "第一次登錄")
    row = return_terms.propose(person(Role.FINANCE_OFFICER), Scheme.objects.get(slug=slug), wanted)
    return {"slug": slug, "pk": row.pk, "name": "confirm"}


ROUTES = {
    "grants:check": Route(),
    "grants:home": Route(),
    "grants:schemes": Route(),
    "grants:scheme": Route(scheme),
    # The schemes are public, so the other county reads why it may not, instead of finding nothing.
    "grants:envelope": Route(scheme, shared=True, post_refused={Role.CASE_OFFICER: 403, Role.AUDITOR: 403}),
    "grants:envelope_scan": Route(change, shared=True),
    "grants:envelope_decide": Route(confirmed, shared=True),
    "grants:scheme_data": Route(scheme, shared=True),
    "grants:scheme_change": Route(scheme, shared=True),
    "grants:scheme_year": Route(scheme, shared=True),
    "grants:scheme_new": Route(shared=True),
    "grants:return_terms": Route(scheme, shared=True, post_refused={Role.CASE_OFFICER: 403, Role.AUDITOR: 403}),
    "grants:return_terms_decide": Route(terms, shared=True),
    "grants:law": Route(scheme),
    "grants:law_export": Route(export),
    # Outside the demonstration the date stays where it is.
    "demo_date": Route(post_refused={**dict.fromkeys(Role, 404), "nobody": 404}),
}
