import datetime as dt
from types import SimpleNamespace

from grants.enums import ConditionStage
from grants.models import Application, AwardCondition
from grants.services.applications import correction_requests
from grants.services.reviews import checks, proposals, reviewers
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lib import clock
from tests.factories import letters, reviews
from tests.factories.grants import terms_of
from tests.factories.money import approved

from . import Route, World
from .applications import a_filed_case, filed


def staff(world: World) -> SimpleNamespace:
    return SimpleNamespace(
        officer=world[Role.CASE_OFFICER], head=world[Role.APPROVER], finance=world[Role.FINANCE_OFFICER]
    )


def received(world: World) -> dict:
    return {"number": checks.receive(world[Role.CASE_OFFICER], a_filed_case(world)).number}


def assigned(world: World) -> dict:
    officer = world[Role.CASE_OFFICER]
    case = checks.receive(officer, a_filed_case(world))
    reviewers.assign(officer, case, [world[Role.REVIEWER]], due_on=clock.today() + dt.timedelta(days=7))
    return {"number": case.number}


def proposed(world: World) -> dict:
    case = checks.receive(world[Role.CASE_OFFICER], a_filed_case(world))
    checked = reviews.checked(staff(world), case)
    lines = {line.pk: (line.requested, "") for line in checked.lines.all()}
    proposals.propose(world[Role.CASE_OFFICER], checked, lines, note="", edition=checked.edition)
    return {"number": checked.number}


def checked(world: World) -> dict:
    case = checks.receive(world[Role.CASE_OFFICER], a_filed_case(world))
    return {"number": reviews.checked(staff(world), case).number}


def at_township(world: World) -> dict:
    case = a_filed_case(world)
    terms = terms_of(case.scheme, township_first=True)
    Application.objects.filter(pk=case.pk).update(status="township_review", filed_under=terms)
    return {"number": case.number}


def forwarded(world: World) -> dict:
    case = Application.objects.get(**at_township(world))
    return {"number": reviews.forwarded(world[Role.TOWNSHIP_OFFICER], case).number}


def corrected(world: World) -> dict:
    """A correction whose letter went out."""
    officer = world[Role.CASE_OFFICER]
    case = checks.receive(officer, a_filed_case(world))
    correction_requests.ask_correction(officer, case, items="補章", days=10, edition=case.edition)
    letters.issued(officer, case.letters.get())
    return {"number": case.number}


def county(world: World) -> dict:
    return {"county": "kaohsiung"}


def decided(world: World) -> dict:
    return {"number": approved(organisation=world.organisation).number}


def conditioned(world: World) -> dict:
    award = approved(organisation=world.organisation)
    row = AwardCondition.objects.create(award=award, position=1, stage=ConditionStage.RECEIPT, text="先取得同意書")
    return {"number": award.number, "pk": row.pk}


NOT_THE_OFFICER = {Role.APPROVER: 403, Role.AUDITOR: 403}

ROUTES = {
    "grants:desk": Route(),
    "grants:case_receive": Route(filed),
    "grants:case_forward": Route(filed, shows=((Role.TOWNSHIP_OFFICER, at_township),)),
    "grants:case_township_letter": Route(forwarded),
    "grants:case_check": Route(received, post_refused=NOT_THE_OFFICER),
    # At the county's check the township has passed the case on.
    "grants:case_correction": Route(received, refused={Role.TOWNSHIP_OFFICER: 403}),
    "grants:case_refusal": Route(received),
    "grants:case_delivery": Route(received, shows=((Role.CASE_OFFICER, corrected),)),
    "grants:case_reviewers": Route(received),
    "grants:case_review": Route(assigned),
    "grants:case_proposal": Route(received, shows=((Role.CASE_OFFICER, checked),)),
    "grants:case_decision": Route(proposed),
    "grants:case_decisions": Route(decided),
    "grants:case_reopening": Route(decided),
    "grants:case_take_back": Route(proposed),
    "grants:deciding_rules_of_counties": Route(),
    "grants:deciding_rules": Route(county, post_refused={Role.FINANCE_OFFICER: 403, Role.AUDITOR: 403}),
    "grants:award_condition": Route(conditioned),
}
