"""An award decided by the law, with a lecturer, a carer of children and people by name."""

from grants.compliance.judging import judge
from grants.compliance.stored import store_evaluation
from grants.enums import EvaluationStage
from grants.models import Award
from tests.factories.grants import BudgetLineFactory
from tests.factories.money import approved


def decided_award() -> Award:
    award = approved(amounts=(50_000,))
    case = award.application
    BudgetLineFactory(
        application=case, item="lecturer_fee", requested=9_000, person="林溫泉", month="2010-07", description="找林溫泉上課",
        quantities={"hours": "6", "in_house": False},
    )  # fmt: skip
    BudgetLineFactory(
        application=case, item="child_carer", requested=16_000, person="陳秀枝", month="2010-07",
        quantities={"children": [{"age": 4, "special_needs": True}], "hours_per_day": "8", "days_per_week": "5", "days": "20"},
    )  # fmt: skip
    BudgetLineFactory(application=case, item="admin_overhead", requested=5_000)
    store_evaluation(case, EvaluationStage.APPROVAL, judge(case, stage="approval"))
    return award
