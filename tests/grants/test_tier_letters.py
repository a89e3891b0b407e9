"""The letter of an evaluation's result: drafted with the confirmation, to the association, issued and printed like others."""

from decimal import Decimal

import pytest

from communities.enums import Tier, TierBasis
from communities.services import tiers
from grants.letters import compose
from grants.models import Letter, PrintRun
from grants.queries import scope
from grants.queries.standing import standing_for, standing_of
from grants.services.letters import print_runs
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories import money
from tests.factories.accounts import MIAOLI, person
from tests.factories.communities import OrganisationFactory, member_of
from tests.factories.evaluation import a_round
from tests.grants.issuing import issue

from .papers import text_of_pdf

pytestmark = pytest.mark.django_db


def proposed(staff, body, basis=TierBasis.EVALUATION, tier=Tier.POTENTIAL):
    scores = (Decimal(30), Decimal(28), Decimal("20.5"))
    words = {"reason": "會務健全。", "what_would_lift": "請充實財務公開資料。"}
    return tiers.propose_tier(staff.officer, body, year=2010, tier=tier, basis=basis, scores=scores, **words)


def test_each_confirmed_result_has_its_letter_in_the_register_and_in_a_run(staff):
    bodies = [OrganisationFactory() for _ in range(2)]
    for body in bodies:
        tiers.decide_tier(staff.head, proposed(staff, body), confirm=True, note="")
    letters = list(scope.letters(staff.officer).order_by("pk"))
    assert [(row.kind, row.organisation, row.application, row.status) for row in letters] == [
        ("tier", body, None, "draft") for body in bodies
    ]
    assert not scope.letters(person(Role.CASE_OFFICER, MIAOLI)).exists()
    said = text_of_pdf(compose.render([letters[0]]))
    for words in (
        bodies[0].name,
        "99年度社區發展工作評鑑結果",
        "會務健全。",
        "潛力型",
        "99年6月1日起",
        "請充實財務公開資料。",
    ):
        assert words in said
    sent = issue(staff, letters[0])
    assert scope.letters(member_of(bodies[0])).get() == sent
    assert isinstance(print_runs.start_run(staff.officer, letters), PrintRun)


@pytest.mark.parametrize(("confirm", "basis"), [(False, TierBasis.EVALUATION), (True, TierBasis.DECISION)])
def test_no_letter_without_a_confirmed_result(staff, confirm, basis):
    decision = proposed(staff, OrganisationFactory(), basis)
    tiers.decide_tier(staff.head, decision, confirm=confirm, note="" if confirm else "理由不足")
    assert not Letter.objects.exists()


def test_whoever_decides_reads_that_an_association_was_not_evaluated_and_why(staff):
    body = money.approved(staff=staff).application.organisation
    entry = a_round(opener=staff.officer).entries.get(organisation=body)
    assert (standing_of(body).never_graded, standing_of(body).beside_tier) == (True, [])
    entry.not_evaluated = "已停止運作"
    entry.save()
    assert standing_of(body).beside_tier == ["99年度未受評：已停止運作"]
    own = standing_for(member_of(body), body)
    assert own is not None
    assert own.beside_tier == []
    tiers.decide_tier(staff.head, proposed(staff, body), confirm=True, note="")
    body.refresh_from_db()
    assert not standing_of(body).never_graded
