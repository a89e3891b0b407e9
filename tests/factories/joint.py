"""A flagship case of an alliance: as a draft with shares, and approved."""

from types import SimpleNamespace

from grants.models import Application, Award, Programme
from grants.queries import joint
from grants.services.joint import divide, join
from tests.factories import money
from tests.factories.accounts import MIAOLI
from tests.factories.alliances import running
from tests.factories.grants import ApplicationFactory, BudgetLineFactory, ProgrammeFactory, SchemeFactory, terms_of


def flagship() -> Programme:
    scheme = SchemeFactory(slug="miaoli-welfare", county=MIAOLI, ruleset="miaoli", number_prefix="ML")
    if not scheme.dated_terms:
        terms_of(scheme)
    return ProgrammeFactory(scheme=scheme, code="flagship", name="福利化社區小旗艦型計畫", clause="M5.3", position=2)


def drafted(around: SimpleNamespace, *requested: int) -> Application:
    """A draft that asks for these lines."""
    case = ApplicationFactory(
        organisation=around.lead,
        programme=flagship(),
        number=f"ML-099-{around.lead.pk:04}",
        requested_total=sum(requested),
    )
    for place, amount in enumerate(requested, 1):
        BudgetLineFactory(application=case, position=place, requested=amount, own_funds=amount)
    return case


def divided(around: SimpleNamespace, shares: tuple[int, ...], *requested: int) -> Application:
    """A draft of the alliance, divided among the lead and the neighbours in their order."""
    case = drafted(around, *requested)
    join(around.chair, case, running(around))
    divide(around.chair, case, by_body(around, *shares))
    return case


def by_body(around: SimpleNamespace, *amounts: int) -> dict[int, int]:
    return dict(zip([around.lead.pk, *(body.pk for body in around.others)], amounts, strict=True))


def approved_draft(around: SimpleNamespace, *approved: int) -> Award:
    """An award whose case stands as a draft again, so that it can be divided; `decide` ends that."""
    award = money.approved(approved, staff=money.county(MIAOLI), organisation=around.lead)
    case = award.application
    case.programme = flagship()
    case.scheme = case.programme.scheme
    case.status = "draft"
    case.save()
    return award


def decide(award: Award) -> None:
    Application.objects.filter(pk=award.application_id).update(status="approved")
    award.application.refresh_from_db()


def awarded(around: SimpleNamespace, shares: tuple[int, ...], *approved: int) -> Award:
    """The award of a case whose shares were asked for like this."""
    award = approved_draft(around, *approved)
    join(around.chair, award.application, running(around))
    divide(around.chair, award.application, by_body(around, *shares))
    decide(award)
    return award


def rows_of(case: Application) -> list[joint.Row]:
    found = joint.of_case(case)
    assert found is not None
    return joint.table_of(found, case).rows
