from decimal import Decimal

from django.core.files.base import ContentFile

from communities.models import TierDecision
from communities.services.tiers import decide_tier
from evaluation.services.own_marks import Said, assess
from evaluation.services.publishing import close
from evaluation.services.rounds import tell_difficulties
from evaluation.services.sheets import assign
from miaoli_kaohsiung.accounts.audiences import SCORERS
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories.accounts import person
from tests.factories.evaluation import a_round, a_sheet, published, score_fully
from tests.files import samples

from . import Route, World


def round_year(world: World) -> dict:
    return {"year": a_round(opener=world[Role.CASE_OFFICER]).roc_year}


def scored_year(world: World) -> dict:
    """A round in which every association is judged."""
    opened = a_round(opener=world[Role.CASE_OFFICER])
    for entry in opened.entries.all():
        score_fully(entry, 80)
    return {"year": opened.roc_year}


def entry(world: World) -> dict:
    opened = a_round(opener=world[Role.CASE_OFFICER])
    a_sheet(opened.entries.get(organisation=world.organisation), world[Role.REVIEWER])
    return {"pk": opened.entries.get(organisation=world.organisation).pk}


def sheet_of(role: Role):
    """The sheet of one of the posts that may judge; for another post it is somebody else's and not found."""

    def kwargs(world: World) -> dict:
        opened = a_round(opener=world[Role.CASE_OFFICER])
        return {"pk": a_sheet(opened.entries.get(organisation=world.organisation), world[role]).pk}

    return kwargs


def undeclared(world: World) -> dict:
    opened = a_round(opener=world[Role.CASE_OFFICER])
    found = opened.entries.get(organisation=world.organisation)
    assign(opened.opened_by, opened, [found], [world[Role.REVIEWER]])
    return {"pk": found.sheets.get().pk}


def judged_year(world: World) -> dict:
    """A round in which the reviewer has a sheet."""
    opened = a_round(opener=world[Role.CASE_OFFICER])
    a_sheet(opened.entries.get(organisation=world.organisation), world[Role.REVIEWER])
    return {"year": opened.roc_year}


ANOTHER_JUDGE = {role: 404 for role in SCORERS if role != Role.REVIEWER}


def closed_entry(world: World) -> dict:
    """An association whose scoring has ended, so that its total may be talked over."""
    opened = a_round(opener=world[Role.CASE_OFFICER])
    for one in opened.entries.all():
        score_fully(one, 80)
    close(world[Role.CASE_OFFICER], opened)
    return {"pk": opened.entries.get(organisation=world.organisation).pk}


def with_difficulties(world: World) -> dict:
    opened = a_round(opener=world[Role.CASE_OFFICER])
    tell_difficulties(world[Role.MEMBER], opened.entries.get(organisation=world.organisation), "缺少志工", ["people"])
    return {"year": opened.roc_year}


def own_file(world: World) -> dict:
    """What the association shows at an indicator; the reviewer is its judge."""
    opened = a_round(opener=world[Role.CASE_OFFICER])
    found = opened.entries.get(organisation=world.organisation)
    a_sheet(found, world[Role.REVIEWER])
    said = {opened.indicators.first().pk: Said(Decimal(3), "會員大會", ContentFile(samples.pdf(), "大會.pdf"))}
    assess(world[Role.MEMBER], found, said, edition=0)
    return {"pk": found.own_marks.get().pk}


NOT_ARRANGING = dict.fromkeys((Role.APPROVER, Role.FINANCE_OFFICER, Role.AUDITOR), 403)


def a_tier(world: World) -> dict:
    opened = a_round(opener=world[Role.CASE_OFFICER])
    score_fully(opened.entries.get(organisation=world.organisation), 50)
    for entry in opened.entries.exclude(organisation=world.organisation):
        score_fully(entry, 80)
    published(person(Role.APPROVER), opened)
    decision = TierDecision.objects.get(organisation=world.organisation)
    decide_tier(world[Role.APPROVER], decision, confirm=True, note="")
    return {"pk": decision.pk}


ROUTES = {
    "evaluation:tier": Route(a_tier),
    # Nobody is excellent: refused in words.
    "evaluation:certificate": Route(a_tier),
    "evaluation:certificates": Route(scored_year),
    "evaluation:rounds": Route(),
    "evaluation:open": Route(),
    "evaluation:round": Route(round_year),
    "evaluation:days": Route(round_year),
    "evaluation:panel": Route(round_year, post_refused=NOT_ARRANGING),
    "evaluation:grid": Route(judged_year),
    "evaluation:close": Route(scored_year),
    # The round is not closed yet, so nobody may publish.
    "evaluation:publish": Route(round_year, post_refused={Role.APPROVER: 403}),
    "evaluation:results": Route(round_year, shows=((Role.CASE_OFFICER, scored_year),)),
    "evaluation:difficulty-list": Route(with_difficulties),
    # Without naming an association nothing is found.
    "evaluation:take-in": Route(round_year, post_refused={Role.CASE_OFFICER: 404}),
    "evaluation:own-marks": Route(entry),
    "evaluation:own-file": Route(own_file),
    "evaluation:moderate": Route(closed_entry),
    "evaluation:entry": Route(entry, shows=((Role.CASE_OFFICER, closed_entry),)),
    "evaluation:excuse": Route(entry),
    "evaluation:difficulties": Route(entry),
    "evaluation:sheet": Route(sheet_of(Role.REVIEWER), refused=ANOTHER_JUDGE, shows=((Role.REVIEWER, undeclared),)),
    "evaluation:interest": Route(undeclared, refused=ANOTHER_JUDGE),
    # Without naming a sheet nothing is found.
    "evaluation:take-back": Route(entry, post_refused={Role.CASE_OFFICER: 404}),
}
