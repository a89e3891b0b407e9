"""Officers, and cases that stand filed with a stored evaluation: shared by the tests of rulings and waivers."""

import datetime as dt

from grants.compliance.judging import judge
from grants.compliance.stored import store_evaluation
from grants.enums import ApplicationStatus
from grants.models import Application, Scheme
from grants.services import rulings
from grants.services.rulings import RulingDraft
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories.accounts import person
from tests.factories.grants import ApplicationFactory, BudgetLineFactory

JULY = dt.date(2010, 7, 1)


def officer(role: Role = Role.CASE_OFFICER, county: str = "kaohsiung"):
    return person(role, county)


def draft(parameter="casual_pay.hourly", value=None, on=JULY, memo="府社字第0990000088號", **more) -> RulingDraft:
    return RulingDraft(parameter, {"value": 90} if value is None else value, on, memo, **more)


def in_force(scheme: Scheme, **values):
    """A ruling that two officers recorded and confirmed."""
    ruling = rulings.record_ruling(officer(county=scheme.county), scheme, draft(**values))
    return rulings.decide_ruling(officer(Role.APPROVER, scheme.county), ruling, "confirm")


def filed_case(requested: int = 1900, status: str = ApplicationStatus.UNDER_REVIEW, **fields) -> Application:
    """Twenty hours of casual pay, as it was evaluated at filing. 1,900 is the limit of K4.1.4 in the year 99."""
    case = ApplicationFactory(**fields)
    BudgetLineFactory(
        application=case, item="casual_pay", requested=requested, quantities={"hours": 20}, description="活動臨時人力"
    )
    Application.objects.filter(pk=case.pk).update(status=status, first_filed_on=dt.date(2010, 6, 1))
    case.refresh_from_db()
    store_evaluation(case, "submission", judge(case, stage="submission"))
    return case
