"""Rulings and waivers: two officers, the day of effect, what a ruling would change, and replay afterwards."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from grants.compliance.impact import impact_of
from grants.compliance.judging import evaluate, judge
from grants.compliance.rulesets import ruleset_for
from grants.compliance.stored import replay, store_evaluation
from grants.enums import ApplicationStatus as S
from grants.enums import RulingStatus
from grants.models import Application, Ruling, StoredEvaluation, Waiver
from grants.rules.rulings import RulingError
from grants.services import rulings
from grants.services.rulings import record_ruling, record_waiver
from grants.workflow.core import MoveRefused
from grants.workflow.rulings import RULINGS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import Notice
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory
from tests.factories.grants import BudgetLineFactory, SchemeFactory
from tests.grants.rulings import JULY, draft, filed_case, in_force, officer

pytestmark = pytest.mark.django_db
PARAMETER = "casual_pay.hourly"


def hourly(scheme, day, side="strict"):
    return ruleset_for(scheme, day).value(PARAMETER, day, side)


def test_a_ruling_takes_effect_on_its_day_and_not_the_day_before(scheme):
    in_force(scheme)
    assert hourly(scheme, dt.date(2010, 6, 30)) == 95
    assert hourly(scheme, JULY) == 90
    assert ruleset_for(scheme, dt.date(2010, 6, 30)).rulings == ()


def test_nothing_changes_before_another_officer_confirms(scheme):
    ruling = record_ruling(officer(), scheme, draft())
    assert ruling.status == RulingStatus.DRAFT
    assert hourly(scheme, JULY) == 95
    rulings.decide_ruling(officer(Role.APPROVER), ruling, "refuse", "文號不對")
    ruling.refresh_from_db()
    assert ruling.status == RulingStatus.REFUSED
    assert hourly(scheme, JULY) == 95


def test_four_eyes_in_the_workflow_and_in_the_database(scheme):
    author = officer()
    ruling = record_ruling(author, scheme, draft())
    for name in ("confirm", "refuse"):
        with pytest.raises(MoveRefused, match="登錄的人不能自己確認"):
            rulings.decide_ruling(author, ruling, name)
    with pytest.raises(IntegrityError), transaction.atomic():
        Ruling.objects.filter(pk=ruling.pk).update(status=RulingStatus.CONFIRMED, decided_by=author)
    assert [move.name for move in RULINGS.open_to(ruling, author)] == ["withdraw"]
    assert [move.name for move in RULINGS.open_to(ruling, officer())] == ["confirm", "refuse"]


@pytest.mark.parametrize("role", [r for r in Role if r not in (Role.CASE_OFFICER, Role.APPROVER)])
def test_others_neither_record_nor_confirm(scheme, role):
    scope = {Role.MEMBER: {"organisation_id": 1}, Role.TOWNSHIP_OFFICER: {"township_code": "64000300"}}.get(role, {})
    other = person(role, **scope)
    with pytest.raises(Refused):
        record_ruling(other, scheme, draft())
    ruling = record_ruling(officer(), scheme, draft())
    with pytest.raises(MoveRefused):
        rulings.decide_ruling(other, ruling, "confirm")


def test_the_other_county_neither_records_nor_confirms(scheme):
    with pytest.raises(Refused):
        record_ruling(officer(county="miaoli"), scheme, draft())
    ruling = record_ruling(officer(), scheme, draft())
    with pytest.raises(MoveRefused):
        rulings.decide_ruling(officer(county="miaoli"), ruling, "confirm")


@pytest.mark.parametrize(
    "values",
    [
        {"parameter": "no.such"},
        {"value": {"value": "ninety"}},
        {"value": {"strict": 95, "lenient": 90}},
        {"value": {"value": -1}},
    ],
)
def test_what_cannot_be_laid_over_the_law_is_not_recorded(scheme, values):
    with pytest.raises(RulingError):
        record_ruling(officer(), scheme, draft(**values))
    assert Ruling.objects.count() == 0


def test_one_ruling_a_parameter_and_day(scheme):
    in_force(scheme)
    second = record_ruling(officer(), scheme, draft(value={"value": 80}))
    with pytest.raises(MoveRefused, match="同一個生效日期"):
        rulings.decide_ruling(officer(), second, "confirm")
    next_day = record_ruling(officer(), scheme, draft(value={"value": 80}, on=dt.date(2010, 7, 2)))
    rulings.decide_ruling(officer(), next_day, "confirm")
    assert [hourly(scheme, dt.date(2010, 7, day)) for day in (1, 2)] == [90, 80]


def test_a_decided_ruling_is_not_decided_again(scheme):
    ruling = in_force(scheme)
    with pytest.raises(MoveRefused, match="目前是「已確認」"):
        rulings.decide_ruling(officer(), ruling, "refuse")


def test_a_reading_is_settled_and_opened_again(scheme):
    name = ruleset_for(scheme, JULY).parameter("reading.A5").name
    choices = list(ruleset_for(scheme, JULY).parameter(name).choices)
    in_force(scheme, parameter=name, value={"value": choices[0]})
    later = dt.date(2010, 8, 1)
    in_force(scheme, parameter=name, value={"strict": choices[0], "lenient": choices[-1]}, on=later)
    settled, opened = (ruleset_for(scheme, day).parameter(name).at(day) for day in (JULY, later))
    assert (settled.strict, settled.lenient) == (choices[0], choices[0])
    assert (opened.strict, opened.lenient) == (choices[0], choices[-1])


def test_miaoli_files_its_standards_by_rulings():
    miaoli = SchemeFactory(slug="miaoli-welfare", county="miaoli", ruleset="miaoli", number_prefix="ML")
    missing = ruleset_for(miaoli, JULY).missing(JULY)
    assert set(missing) == {"subsidy.unit_caps", "subsidy.case_cap", "subsidy.own_share"}
    in_force(miaoli, parameter="subsidy.unit_caps", value={"value": {"printing": 5000}})
    in_force(miaoli, parameter="subsidy.case_cap", value={"value": 100_000})
    assert ruleset_for(miaoli, JULY).missing(JULY) == ("subsidy.own_share",)
    in_force(miaoli, parameter="subsidy.own_share", value={"value": [20, 100]})
    assert ruleset_for(miaoli, JULY).missing(JULY) == ()


def test_the_trail_and_the_notices_of_a_ruling(scheme):
    author, head, other = officer(), officer(Role.APPROVER), officer()
    officer(county="miaoli")
    ruling = record_ruling(author, scheme, draft())
    assert set(Notice.objects.values_list("recipient", "kind")) == {
        (head.pk, "ruling.waits"),
        (other.pk, "ruling.waits"),
    }
    rulings.decide_ruling(head, ruling, "confirm")
    assert Notice.objects.filter(recipient=author).values_list("kind", flat=True).get() == "ruling.confirm"
    entries = AuditEntry.objects.filter(object_type="grants.ruling").order_by("seq")
    assert [(e.action, e.actor_id) for e in entries] == [("ruling.record", author.pk), ("ruling.confirm", head.pk)]
    assert entries[0].after["value"] == {"value": 90}
    ruling.refresh_from_db()
    assert (ruling.decided_by, ruling.decided_on) == (head, clock.today())


# What a ruling would change


def test_impact_names_the_cases_and_the_dollars(scheme):
    at_limit, below = filed_case(1900), filed_case(1700)
    ruling = record_ruling(officer(), scheme, draft())
    found = impact_of(ruling)
    assert (found.looked_at, found.total, found.bounded) == (2, 2, False)
    (row,) = found.changed
    assert row.case == at_limit
    assert (row.over_before, row.over_after, row.by, found.by) == (0, 100, 100, 100)
    assert [(f.clause, f.severity, f.over) for f in row.come] == [("K4.1.4", "error", 100)]
    assert (row.gone, row.changed) == ((), ())
    assert below.pk != row.case.pk


def test_impact_of_a_looser_ruling_takes_findings_away(scheme):
    case = filed_case(2000)
    (row,) = impact_of(record_ruling(officer(), scheme, draft(value={"value": 100}))).changed
    assert (row.case, row.by, row.come) == (case, -100, ())
    assert [f.clause for f in row.gone] == ["K4.1.4"]


def test_impact_shows_another_excess_as_one_change(scheme):
    filed_case(2000)
    (row,) = impact_of(record_ruling(officer(), scheme, draft())).changed
    assert (row.come, row.gone, row.by) == ((), (), 100)
    (pair,) = row.changed
    assert (pair.before.clause, pair.before.over, pair.after.clause, pair.after.over) == ("K4.1.4", 100, "K4.1.4", 200)
    assert pair.by == "100 → 200 元（+100 元）"


def test_impact_shows_another_severity_as_one_change(scheme):
    case = filed_case(1900)
    BudgetLineFactory(application=case, item="admin_overhead", requested=200, quantities={}, description="電話費")
    store_evaluation(case, "approval", judge(case, stage="approval"))
    reading = ruleset_for(scheme, JULY).parameter("reading.A5")
    strict = reading.at(JULY).strict
    ruling = record_ruling(officer(), scheme, draft(parameter=reading.name, value={"value": strict}))
    (row,) = impact_of(ruling).changed
    assert (row.come, row.gone) == ((), ())
    (pair,) = row.changed
    assert (pair.before.clause, pair.before.severity, pair.after.severity) == ("K4.6.3a", "warning", "error")


def test_impact_leaves_out_what_is_not_before_the_county(scheme):
    for status in (S.DRAFT, S.AWAITING_CHAIR, S.WITHDRAWN, S.REJECTED, S.NOT_ACCEPTED):
        filed_case(status=status)
    kept = {filed_case(status=status).pk for status in (S.SUBMITTED, S.UNDER_REVIEW, S.APPROVED)}
    found = impact_of(record_ruling(officer(), scheme, draft()))
    assert {row.case.pk for row in found.changed} == kept


def test_impact_judges_the_newest_evaluation(scheme):
    case = filed_case(1900)
    case.lines.update(requested=1500)
    store_evaluation(case, "approval", judge(case, stage="approval"))
    assert impact_of(record_ruling(officer(), scheme, draft())).changed == ()


def test_impact_takes_the_same_few_queries_and_says_its_bound(scheme, django_assert_num_queries, monkeypatch):
    first = filed_case(1900)
    ruling = record_ruling(officer(), scheme, draft())
    with django_assert_num_queries(2):
        assert len(impact_of(ruling).changed) == 1
    stored = first.evaluations.get()
    for number in range(29):
        first.pk, first.number = None, f"88-099-9{number:03}"
        first.organisation = OrganisationFactory()
        first.save()
        stored.pk, stored.application = None, first
        stored.save()
    with django_assert_num_queries(2):
        assert len(impact_of(ruling).changed) == 30
    monkeypatch.setattr("grants.compliance.impact.MOST", 10)
    found = impact_of(ruling)
    assert (found.looked_at, found.total, found.bounded) == (10, 30, True)
    assert {row.case.number for row in found.changed} == {f"88-099-9{number:03}" for number in range(19, 29)}


def test_stored_evaluations_replay_after_a_ruling(scheme):
    before = filed_case().evaluations.get()
    in_force(scheme, on=dt.date(2010, 6, 1))
    after = filed_case().evaluations.get()
    assert replay(before) == (True, "")
    assert replay(after) == (True, "")
    assert [f["clause"] for f in after.result["findings"] if f["unit"] == "TWD"] == ["K4.1.4"]


# Waivers


def waived(case, clause="K4.1.4", author=None, head=None):
    waiver = record_waiver(author or officer(), case, clause, "簽099第7號", "偏遠地區人力不足")
    return rulings.decide_waiver(head or officer(Role.APPROVER), waiver, "confirm")


def errors(case):
    return [f.clause for f in evaluate(case, stage="submission").errors if f.unit == "TWD"]


def test_a_confirmed_waiver_lets_its_clause_and_case_pass_and_cites_the_memo(scheme):
    case, other = filed_case(2000), filed_case(2000)
    waiver = record_waiver(officer(), case, "K4.1.4", "簽099第7號", "偏遠地區人力不足")
    assert errors(case) == ["K4.1.4"]
    rulings.decide_waiver(officer(), waiver, "confirm")
    assert errors(case) == []
    assert errors(other) == ["K4.1.4"]
    (finding,) = [f for f in evaluate(case, stage="submission").findings if f.kind == "waived"]
    assert (finding.severity, finding.clause) == ("info", "K4.1.4")
    assert finding.message.endswith("（縣府以簽099第7號同意本案不受此限）")


def test_a_waived_evaluation_replays(scheme):
    case = filed_case(2000)
    waived(case)
    stored = store_evaluation(case, "approval", judge(case, stage="approval"))
    stored.refresh_from_db()
    assert stored.facts["waived"] == {"K4.1.4": "簽099第7號"}
    assert replay(stored) == (True, "")
    assert replay(StoredEvaluation.objects.get(application=case, stage="submission")) == (True, "")


def test_a_waiver_of_another_clause_changes_nothing(scheme):
    case = filed_case(2000)
    waived(case, clause="K4.1.2")
    assert errors(case) == ["K4.1.4"]


def test_four_eyes_and_county_of_a_waiver(scheme):
    author, case = officer(), filed_case(2000)
    waiver = record_waiver(author, case, "K4.1.4", "簽1", "理由")
    with pytest.raises(MoveRefused, match="登錄的人不能自己確認"):
        rulings.decide_waiver(author, waiver, "confirm")
    with pytest.raises(MoveRefused):
        rulings.decide_waiver(officer(county="miaoli"), waiver, "confirm")
    with pytest.raises(Refused):
        record_waiver(officer(county="miaoli"), case, "K4.1.2", "簽1", "理由")
    with pytest.raises(Refused):
        record_waiver(person(Role.FINANCE_OFFICER), case, "K4.1.2", "簽1", "理由")
    with pytest.raises(Refused, match="沒有條文"):
        record_waiver(author, case, "K99", "簽1", "理由")


def test_the_author_withdraws_and_records_anew(scheme):
    """Nobody decided, so nobody is named; the notices that asked others are closed, and none is made."""
    author, other, case = officer(), officer(), filed_case(2000)
    ruling, waiver = record_ruling(author, scheme, draft()), record_waiver(author, case, "K4.1.4", "簽1", "理由")
    with pytest.raises(MoveRefused, match="只有提出的人可以收回"):
        rulings.decide_ruling(other, ruling, "withdraw")
    made = Notice.objects.count()
    row = rulings.decide_ruling(author, ruling, "withdraw")
    assert (row.status, row.decided_by, row.decided_on) == (RulingStatus.WITHDRAWN, None, None)
    row = rulings.decide_waiver(author, waiver, "withdraw")
    assert (row.status, row.decided_by, row.decided_on) == (RulingStatus.WITHDRAWN, None, None)
    assert Notice.objects.count() == made
    assert not Notice.objects.filter(closed_at__isnull=True, kind__in=("ruling.waits", "waiver.waits")).exists()
    with pytest.raises(MoveRefused, match="目前是「已收回」"):
        rulings.decide_ruling(other, ruling, "confirm")
    again = record_waiver(author, case, "K4.1.4", "簽2", "補了說明")
    assert (again.pk, again.status) == (waiver.pk, RulingStatus.DRAFT)


def test_a_clause_is_waived_once_and_a_refused_one_is_recorded_anew(scheme):
    case, author, head = filed_case(2000), officer(), officer(Role.APPROVER)
    waiver = record_waiver(author, case, "K4.1.4", "簽1", "理由")
    with pytest.raises(Refused, match="已經登錄過"):
        record_waiver(author, case, "K4.1.4", "簽2", "理由")
    rulings.decide_waiver(head, waiver, "refuse", "請補說明")
    again = record_waiver(author, case, "K4.1.4", "簽2", "補了說明")
    assert (again.pk, again.status, again.decided_by) == (waiver.pk, RulingStatus.DRAFT, None)
    rulings.decide_waiver(head, again, "confirm")
    assert Waiver.objects.values_list("memo_number", "status").get() == ("簽2", "confirmed")
    trail = AuditEntry.objects.filter(object_type="grants.waiver", case=case.number).order_by("seq")
    assert [entry.action for entry in trail] == [
        "waiver.record",
        "waiver.refuse",
        "waiver.record_again",
        "waiver.record",
        "waiver.confirm",
    ]
    assert Application.objects.get(pk=case.pk).status == S.UNDER_REVIEW
