"""Cases on their way to a decision, brought there by the services that people use."""

import uuid
from types import SimpleNamespace

from grants.compliance import checklist
from grants.compliance.facts import facts_for
from grants.enums import ApplicationStatus, Verdict
from grants.models import Application, ApplicationVersion, Award, Document, Proposal
from grants.queries.applications.versions import snapshot
from grants.queries.reviews.concerns import concerns_of, unseen
from grants.queries.schemes import terms
from grants.rules import catalogue
from grants.services.awards import decisions
from grants.services.reviews import checks, first_reviews, proposals
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.files.models import StoredFile
from miaoli_kaohsiung.lib import clock

from .accounts import person
from .communities import chair_of
from .grants import ApplicationFactory, BudgetLineFactory, EnvelopeFactory


def staff(county: str = "kaohsiung") -> SimpleNamespace:
    """One person a post of the county."""
    return SimpleNamespace(
        officer=person(Role.CASE_OFFICER, county),
        head=person(Role.APPROVER, county),
        finance=person(Role.FINANCE_OFFICER, county),
        reviewer=person(Role.REVIEWER, county),
        auditor=person(Role.AUDITOR, county),
        admin=person(Role.ADMINISTRATOR, county),
    )


def filed(amounts: tuple[int, ...] = (80_000, 43_456), *, lines: tuple[dict, ...] = (), **fields) -> Application:
    """A case that has arrived at the county, with the version that was filed. `lines` says more of each line."""
    today = clock.today()
    fields = {"status": ApplicationStatus.SUBMITTED, "filed_on": today, "first_filed_on": today} | fields
    case = ApplicationFactory(requested_total=sum(amounts), **fields)
    details = lines or tuple({} for _ in amounts)
    for position, (amount, detail) in enumerate(zip(amounts, details, strict=True), 1):
        BudgetLineFactory(application=case, position=position, requested=amount, **detail)
    attach_papers(case)
    version(case)
    return case


def attach_papers(case: Application) -> None:
    """Every paper that the law asks of the case, as rows without bytes."""
    facts = facts_for(case, stage="approval", on=clock.today())
    for paper in catalogue.documents_for(facts):
        stored = StoredFile.objects.create(
            name=f"{paper.name}.pdf",
            content_type="application/pdf",
            size=1,
            sha256=uuid.uuid4().hex * 2,
            path=uuid.uuid4().hex,
            uploaded_at=clock.now(),
        )
        Document.objects.create(
            application=case, kind=paper.code, file=stored, added_by=case.created_by, added_on=clock.today()
        )


def version(case: Application) -> ApplicationVersion:
    return ApplicationVersion.objects.create(
        application=case,
        number=case.versions.count() + 1,
        token=uuid.uuid4(),
        snapshot=snapshot(case),
        ruleset_sha256="0" * 64,
        filed_on=clock.today(),
        filed_at=clock.now(),
        filed_by=case.created_by,
    )


def opinion(case: Application, **values) -> first_reviews.Opinion:
    """The township's office finds every item met and recommends the case; `values` say what differs."""
    answers = tuple(first_reviews.Answer(text, Verdict.ACCEPTED) for text in terms.first_review_items(case))
    return first_reviews.Opinion(**{"answers": answers, "recommended": True} | values)


def forwarded(clerk, case: Application, **values) -> Application:
    return first_reviews.forward(clerk, case, opinion(case, **values), edition=case.edition)


def received(people: SimpleNamespace, **fields) -> Application:
    return checks.receive(people.officer, filed(**fields))


def checked(people: SimpleNamespace, case: Application | None = None, **fields) -> Application:
    """Every item ticked, the case under review."""
    case = case or received(people, **fields)
    items = {item.key: (Verdict.ACCEPTED, "") for item in checklist.items_for(case)}
    reasons = {reason.pk: (Verdict.ACCEPTED, "") for reason in case.justifications.all()}
    case = checks.answer(people.officer, case, checks.Answers(items, reasons), edition=case.edition)
    return checks.complete(people.officer, case, edition=case.edition)


def proposed(people: SimpleNamespace, cuts: dict[int, tuple[int, str]] | None = None, **fields) -> Proposal:
    """Proposed to approve: line by position → (amount, reason) where it differs from what was asked."""
    case = checked(people, **fields)
    wanted = {line.pk: (cuts or {}).get(line.position, (line.requested, "")) for line in case.lines.all()}
    answers = {one.key: "已查明" for one in concerns_of(case)}
    return proposals.propose(people.officer, case, wanted, note="", edition=case.edition, answers=answers)


def approved(people: SimpleNamespace, cuts: dict[int, tuple[int, str]] | None = None, **fields) -> Award:
    case = proposed(people, cuts, **fields).application
    EnvelopeFactory(scheme=case.scheme)
    return decisions.approve(people.head, case, decided=seen(case))


def seen(case: Application) -> decisions.Terms:
    """Everything that speaks against the approval was read; figures and conditions as proposed."""
    return decisions.Terms(seen=[row.key for row in unseen(case, case.proposals.get(decision="open"))])


__all__ = [
    "approved",
    "chair_of",
    "checked",
    "filed",
    "forwarded",
    "opinion",
    "proposed",
    "received",
    "staff",
    "version",
]
