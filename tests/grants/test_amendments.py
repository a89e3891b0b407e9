"""Changes after the approval: who asks, who decides, and what of the award moves with them."""

import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from grants.enums import AwardStatus, InstalmentStatus, LedgerKind
from grants.forms.amendments import LineForms
from grants.models import Amendment, Award, AwardVersion, BudgetLine, Deadline
from grants.queries.payments import movements, refund_due
from grants.services.amendments import asking, deciding, papers
from grants.services.amendments.comparing import NotAllowedError
from grants.services.amendments.deciding import Answer
from grants.services.amendments.papers import NewPaper
from grants.services.applications.budget_lines import line_values
from grants.services.payments import instalments
from grants.services.settlements import reports
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import Notice
from tests.factories.communities import OrganisationFactory, chair_of, member_of
from tests.factories.money import approved
from tests.grants import amending, settling
from tests.grants.issuing import issue
from tests.grants.papers import paper

pytestmark = pytest.mark.django_db


@pytest.fixture
def award(staff) -> Award:
    return approved(staff=staff, settlement_due=dt.date(2010, 9, 30), receipt_due=dt.date(2010, 7, 5))


def fresh(award: Award) -> Award:
    return Award.objects.get(pk=award.pk)


def plan(award: Award) -> list[tuple[int, str]]:
    return list(award.instalments.order_by("number").values_list("amount", "status"))


def test_staff_asks_and_the_chairperson_sends(staff, award):
    body = award.application.organisation
    chair = chair_of(body)
    row = asking.ask(member_of(body), award, [amending.place(award)], reason="場地修繕")
    assert row.status == "awaiting_chair"
    assert Notice.objects.get(kind="amendment.chair").recipient == chair
    with pytest.raises(Refused, match="現任理事長"):
        asking.confirm(member_of(body), row)
    assert asking.confirm(chair, row).status == "submitted"
    assert Notice.objects.get(kind="amendment.submitted").recipient == staff.officer
    assert fresh(award).application.place != "社區活動中心"


def test_one_request_at_a_time_and_the_same_twice_is_one(award):
    row = amending.asked(award, amending.place(award))
    assert asking.ask(row.asked_by, award, [amending.place(award)], reason="場地修繕") == row
    with pytest.raises(Refused, match="還沒有決定"):
        amending.asked(award, amending.place(award, "廟埕"))
    asking.withdraw(member_of(award.application.organisation), row)
    assert amending.asked(award, amending.place(award, "廟埕")).number == 2


def test_papers_come_with_the_request_and_what_was_sent_stays(staff, award):
    body = award.application.organisation
    writer, chair = member_of(body), chair_of(body)
    attached = [NewPaper(paper(), "新的報價單")]
    row = asking.ask(writer, award, [amending.place(award)], reason="場地修繕", papers=attached)
    papers.remove(writer, papers.add(writer, row, NewPaper(paper(), "放錯的")))
    asking.confirm(chair, row)
    more = papers.add(writer, row, NewPaper(paper()))
    assert [kept.name for kept in row.papers.all()] == ["新的報價單", "領據.pdf"]
    assert Notice.objects.get(kind="amendment.paper").recipient == staff.officer
    with pytest.raises(Refused, match="要留著"):
        papers.remove(writer, more)
    for somebody in (staff.officer, member_of(OrganisationFactory())):
        with pytest.raises(Refused):
            papers.add(somebody, row, NewPaper(paper()))
    amending.checked(staff, row)
    with pytest.raises(Refused, match="不能再附文件"):
        papers.add(writer, row, NewPaper(paper()))


@pytest.mark.parametrize(("typed", "asked"), [({}, []), ({"quantity": "9"}, [{"quantity": 9}])])
def test_what_is_left_as_it_is_is_not_asked_for(award, typed, asked):
    """Whichever way the number is kept: rows that were brought along have it as text."""
    row = award.lines.get(position=2)
    BudgetLine.objects.filter(pk=row.line_id).update(quantities={"quantity": "8"})
    shown = [(field.name, field.html_name, field.value()) for form in LineForms(award=award).forms for field in form]
    posted = {key: "" if value is None else str(value) for _name, key, value in shown}
    posted |= {key: typed[name] for name, key, _value in shown if name in typed and key.startswith(f"line-{row.pk}-")}
    forms = LineForms(posted, award=award)
    assert forms.is_valid()
    assert [item.after["quantities"] for item in forms.items()] == asked


def test_who_checked_does_not_decide(staff, award):
    row = amending.checked(staff, amending.asked(award, amending.place(award)))
    Amendment.objects.filter(pk=row.pk).update(checked_by=staff.head)
    with pytest.raises(Refused, match="不能自己核定"):
        deciding.decide(staff.head, row, {item.pk: Answer(True) for item in row.items.all()})
    with pytest.raises(IntegrityError, match="amendment_four_eyes"), transaction.atomic():
        Amendment.objects.filter(pk=row.pk).update(decided_by=staff.head)


def test_a_no_has_its_reason_and_every_item_its_answer(staff, award):
    row = amending.asked(award, amending.place(award))
    (item,) = row.items.all()
    with pytest.raises(Refused, match="每一項"):
        deciding.check(staff.officer, row, {})
    with pytest.raises(Refused, match="要寫理由"):
        deciding.check(staff.officer, row, {item.pk: Answer(False, " ")})
    row = deciding.check(staff.officer, row, {item.pk: Answer(False, "場地太遠")})
    row = deciding.send_back(staff.head, row, "請再問社區")
    assert (row.status, row.checked_by) == ("submitted", None)


def test_the_approval_is_kept_and_the_award_takes_the_new_values(staff, award):
    items = [
        amending.period(award, "2010-03-01", "2010-10-31"),
        amending.amount(award, 1, 70_000),
        amending.amount(award, 2, 50_000, person="王小明"),
        amending.place(award),
    ]
    row = amending.decided(staff, amending.asked(award, *items))
    award = fresh(award)
    assert (row.status, award.version, award.total, award.ends_on) == ("approved", 2, 120_000, dt.date(2010, 10, 31))
    assert [line.approved for line in award.lines.all()] == [70_000, 50_000]
    assert (award.application.place, award.application.lines.get(position=2).person) == ("社區活動中心", "王小明")
    first, second = award.versions.order_by("number")
    assert (first.ends_on, [line["approved"] for line in first.lines]) == (dt.date(2010, 8, 31), [80_000, 40_000])
    assert (second.ends_on, second.amendment) == (dt.date(2010, 10, 31), row)
    assert [version.on for version in (first, second)] == [award.approved_on, dt.date(2010, 6, 1)]
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AwardVersion.objects.filter(pk=first.pk).update(total=1)
    assert award.application.evaluations.filter(stage="amendment").count() == 1


def test_the_deadline_moves_with_the_letter_and_not_before(staff, award):
    row = amending.decided(staff, amending.asked(award, amending.period(award, "2010-03-01", "2010-10-31")))
    due = Deadline.objects.get(award=award, kind="settlement")
    assert due.due_on == dt.date(2010, 9, 30)
    issue(staff, row.letter)
    due.refresh_from_db()
    row.refresh_from_db()
    assert (due.due_on, row.notified_on) == (dt.date(2010, 11, 30), dt.date(2010, 6, 1))
    assert any("結報期限改為99年11月30日" in text for text in row.letter.explanation)
    assert Notice.objects.filter(subject__startswith="計畫變更已函復").exists()


def test_a_settlement_gets_more_time_and_never_less(staff, award):
    row = amending.decided(staff, amending.asked(award, amending.later(award, "2010-10-20")))
    issue(staff, row.letter)
    assert Deadline.objects.get(award=award, kind="settlement").due_on == dt.date(2010, 10, 20)
    with pytest.raises(Refused, match="要晚於現在的期限"):
        amending.asked(fresh(award), amending.later(award, "2010-10-20"))


def test_item_by_item(staff, award):
    items = [amending.place(award), amending.period(award, "2010-03-01", "2010-09-30")]
    row = amending.decided(staff, amending.asked(award, *items), 2)
    award = fresh(award)
    assert (row.status, award.ends_on, award.application.place) == ("approved", dt.date(2010, 8, 31), "社區活動中心")
    assert "部分同意" in row.letter.subject
    assert any("執行期間：與核定目的不符" in text for text in row.letter.explanation)


def test_all_refused_changes_nothing(staff, award):
    row = amending.decided(staff, amending.asked(award, amending.place(award)), 1)
    assert (row.status, fresh(award).version, "歉難同意" in row.letter.subject) == ("refused", 1, True)
    assert any("訴願" in text for text in row.letter.explanation)


def test_half_of_a_transfer_is_refused_by_the_sum(staff, award):
    items = [amending.amount(award, 1, 70_000), amending.amount(award, 2, 50_000)]
    with pytest.raises(Refused, match="多出 10,000 元"):
        amending.decided(staff, amending.asked(award, *items), 1)
    assert fresh(award).version == 1


@pytest.mark.parametrize(
    ("amounts", "reason"),
    [((80_001, 40_000), "多出 1 元"), ((0, 0), "放棄計畫"), ((80_000, 40_000), "沒有要變更")],
)
def test_what_cannot_be_asked_for(award, amounts, reason):
    items = [
        amending.amount(award, place, new) for place, new in enumerate(amounts, 1) if new != (80_000, 40_000)[place - 1]
    ]
    with pytest.raises(Refused, match=reason):
        amending.asked(award, *items)


@pytest.mark.parametrize(
    ("starts", "ends", "reason"),
    [
        ("2010-09-01", "2010-08-31", "不能晚於"),
        ("2010-04-01", "2010-08-31", "已經開始"),
        ("2010-03-01", "2010-05-31", "不能早於今天"),
    ],
)
def test_days_that_cannot_be(award, starts, ends, reason):
    with pytest.raises(Refused, match=reason):
        amending.asked(award, amending.period(award, starts, ends))


def test_the_law_stops_what_it_forbids(award):
    with pytest.raises(NotAllowedError) as refused:
        amending.asked(award, amending.period(award, "2010-03-01", "2013-01-31"))
    assert [found.clause for found in refused.value.findings]


def test_less_money_is_released_and_both_instalments_shrink(staff, award):
    row = amending.decided(staff, amending.asked(award, amending.amount(award, 1, 65_000)))
    award = fresh(award)
    assert (award.total, movements(award).released, award.awaits_letter) == (105_000, 15_000, True)
    assert plan(award) == [(52_500, "awaiting_receipt"), (52_500, "scheduled")]
    with pytest.raises(Refused, match="計畫變更函還沒有發文"):
        instalments.request_payment(staff.officer, award.instalments.get(number=1), receipt_number="1")
    issue(staff, row.letter)
    settling.paid_first(fresh(award), staff)


def test_below_the_threshold_there_is_one_payment(staff, award):
    amending.decided(staff, amending.asked(award, amending.amount(award, 1, 50_000)))
    award = fresh(award)
    assert plan(award) == [(60_000, "cancelled"), (90_000, "scheduled")]
    assert Deadline.objects.get(award=award, kind="receipt").done_on is not None


def test_what_was_paid_stays_and_the_rest_follows(staff, award):
    settling.paid_first(award, staff)
    row = amending.decided(staff, amending.asked(award, amending.amount(award, 1, 10_000)))
    award = fresh(award)
    assert plan(award) == [(60_000, "paid"), (0, "scheduled")]
    issue(staff, row.letter)
    settling.accepted(award, staff, (10_000, 40_000))
    assert (refund_due(fresh(award)), movements(award).released) == (10_000, 70_000)


def test_nothing_moves_while_a_payment_is_under_way(staff, award):
    row = amending.asked(award, amending.amount(award, 1, 70_000))
    instalments.request_payment(staff.officer, award.instalments.get(number=1), receipt_number="1")
    with pytest.raises(Refused, match="還在請款或撥付中"):
        amending.decided(staff, row)
    assert (fresh(award).total, Amendment.objects.get().status) == (120_000, "checked")


def test_an_open_settlement_follows_the_lines(staff, award):
    settlement = settling.opened(award, member_of(award.application.organisation))
    items = [amending.amount(award, 1, 120_000), amending.amount(award, 2, 0)]
    amending.decided(staff, amending.asked(fresh(award), *items))
    assert [line.line.approved for line in settlement.lines.select_related("line")] == [120_000]


def test_a_settlement_waits_for_the_decision(award):
    user = member_of(award.application.organisation)
    settlement = settling.opened(award, user)
    settling.add_papers(settlement, user)
    row = amending.asked(fresh(award), amending.later(award, "2010-10-20"))
    with pytest.raises(Refused, match="還沒有決定"):
        reports.submit(user, settlement, settling.report(settlement, 80_000, 40_000))
    asking.withdraw(user, row)
    reports.submit(user, settlement, settling.report(settlement, 80_000, 40_000))
    with pytest.raises(Refused, match="結報已經送出"):
        amending.asked(fresh(award), amending.place(award))


def test_giving_up_before_any_payment_leaves_nothing_behind(staff, award):
    row = amending.decided(staff, amending.asked(award, amending.given_up()))
    award = fresh(award)
    assert (award.status, refund_due(award), movements(award).released) == (AwardStatus.GIVEN_UP, 0, 120_000)
    assert {status for _amount, status in plan(award)} == {InstalmentStatus.CANCELLED}
    assert not award.deadlines.filter(done_on=None).exists()
    assert not award.sanctions.exists()
    issue(staff, row.letter)
    assert not award.deadlines.filter(kind="return").exists()


def test_giving_up_after_the_first_payment_brings_it_back(staff, award):
    settling.paid_first(award, staff)
    row = amending.decided(staff, amending.asked(award, amending.given_up()))
    award = fresh(award)
    assert (award.status, refund_due(award), movements(award).released) == (AwardStatus.GIVEN_UP, 60_000, 120_000)
    assert any("6萬元整應予繳回" in text for text in row.letter.explanation)
    issue(staff, row.letter)
    assert award.deadlines.get(kind="return").due_on > dt.date(2010, 6, 1)


def test_nothing_can_be_asked_of_an_award_that_is_over_or_not_told(staff, award):
    Award.objects.filter(pk=award.pk).update(notified_on=None)
    with pytest.raises(Refused, match="核定函還沒有發文"):
        amending.asked(fresh(award), amending.place(award))
    Award.objects.filter(pk=award.pk).update(status="closed", notified_on=dt.date(2010, 6, 1))
    with pytest.raises(Refused, match="不能再變更"):
        amending.asked(fresh(award), amending.place(award))


def test_the_ledger_adds_up(staff, award):
    amending.decided(staff, amending.asked(award, amending.amount(award, 1, 65_000)))
    entries = award.entries.filter(kind=LedgerKind.RELEASED)
    assert [entry.note for entry in entries] == ["計畫變更減列"]
    assert movements(award).committed - movements(award).released == fresh(award).total


def test_a_new_item_is_decided_with_the_others_and_stands_in_letter_version_and_account(staff, award):
    settling.opened(award, member_of(award.application.organisation))
    items = [amending.amount(award, 1, 70_000), amending.added("miscellaneous", 10_000, description="場地清潔")]
    row = amending.asked(award, *items)
    assert [item.line for item in row.items.all()][1] is None
    row = amending.decided(staff, row)
    award = fresh(award)
    line = award.lines.get(position=3)
    assert (award.total, award.version, award.application.requested_total) == (120_000, 2, 120_000)
    assert (line.approved, line.requested, line.reason, line.description) == (
        10_000, 0, "第 1 次計畫變更新增", "場地清潔",
    )  # fmt: skip
    assert (line.line.requested, line.line.added, line.line.position) == (0, 10_000, 3)
    assert [one["approved"] for one in award.versions.get(number=2).lines] == [70_000, 40_000, 10_000]
    assert [one.line for one in award.settlement.lines.order_by("line__position")][-1] == line
    assert any("新增雜支1萬元（用途：場地清潔）。" in text for text in row.letter.explanation)
    kept = award.application.evaluations.get(stage="amendment")
    assert str(line.line_id) in {one["id"] for one in kept.facts["case"]["lines"]}


def test_a_new_item_alone_is_refused_and_leaves_nothing(staff, award):
    row = amending.asked(award, amending.amount(award, 1, 70_000), amending.added("miscellaneous", 10_000))
    row = amending.decided(staff, row, 2)
    award = fresh(award)
    assert (award.total, award.lines.count(), award.application.lines.count()) == (110_000, 2, 2)
    assert any("新增雜支：與核定目的不符" in text for text in row.letter.explanation)


@pytest.mark.parametrize(
    ("added", "reason"),
    [
        (("miscellaneous", 1), "多出 1 元"),
        (("miscellaneous", 0), "要填金額"),
        (("unheard_of", 10), "沒有這個經費項目"),
    ],
)
def test_new_items_that_cannot_be_asked_for(award, added, reason):
    taken = [] if added[1] == 1 else [amending.amount(award, 1, 70_000)]
    with pytest.raises(Refused, match=reason):
        amending.asked(award, *taken, amending.added(*added))
    assert not Amendment.objects.exists()


def test_a_new_item_stays_when_the_case_is_decided_anew_and_has_no_amount_in_a_copy(staff, award):
    amending.decided(
        staff, amending.asked(award, amending.amount(award, 1, 70_000), amending.added("miscellaneous", 10_000))
    )
    line = fresh(award).lines.get(position=3).line
    assert line.asked == 10_000
    assert line_values(line)["requested"] is None
