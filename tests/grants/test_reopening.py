"""A decided case that is decided anew: two people, nothing overwritten, money released and set aside by entries."""

import datetime as dt

import pytest

from grants.enums import ApplicationStatus as S
from grants.enums import AwardStatus, InstalmentStatus, LedgerKind, LetterKind
from grants.models import Award, Instalment, Letter, Proposal, Reopening
from grants.queries.payments import movements, refund_due, returns
from grants.queries.schemes import envelopes
from grants.services.awards import decisions
from grants.services.payments import instalments
from grants.services.payments.returns import record_return
from grants.services.reviews import proposals, reopenings
from grants.services.reviews.reopenings import Ruling
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.changes import services
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from tests.factories import reviews
from tests.factories.accounts import person
from tests.factories.communities import member_of
from tests.factories.letters import issued

from . import amending
from .pages import fresh, signed_in, text_of

pytestmark = pytest.mark.django_db
RULING = Ruling("appeal", "台內訴字第0990000001號", dt.date(2010, 5, 31), "原處分撤銷，另為適法之處分。")
ASKED = 123_456
TODAY = dt.date(2010, 6, 1)


@pytest.fixture
def people():
    found = reviews.staff()
    found.cashier = person(Role.FINANCE_OFFICER)
    found.director = person(Role.APPROVER)
    return found


def approved(people, **more) -> Award:
    award = reviews.approved(people, {1: (70_000, "參酌實際需要酌予核減")}, **more)
    issued(people.officer, award.application.letters.get())
    award.refresh_from_db()
    return award


def reopened(people, case, ruling=RULING):
    services.confirm(people.director, reopenings.ask(people.officer, fresh(case), ruling))
    return fresh(case)


def pay_first(people, award) -> int:
    """Ask for, approve and pay the first instalment; return its amount."""
    first = award.instalments.get(number=1)
    member = member_of(award.application.organisation)
    Instalment.objects.filter(pk=first.pk).update(
        status=InstalmentStatus.REQUESTED, requested_by=member, requested_on=clock.today()
    )
    instalments.approve_payment(people.officer, Instalment.objects.get(pk=first.pk))
    instalments.pay(people.cashier, Instalment.objects.get(pk=first.pk), voucher_number="憑1")
    return first.amount


def decide_again(people, case, amount, **more):
    """The whole ordinary way to a second approval: the first line at another amount."""
    lines = list(case.lines.all())
    cut = "" if amount == lines[0].requested else "核實"
    wanted = {line.pk: (line.requested, "") for line in lines} | {lines[0].pk: (amount, cut)}
    answers = {one.key: "已查明" for one in proposals.concerns_of(case)}
    proposals.propose(people.officer, case, wanted, note="", edition=case.edition, answers=answers)
    case = fresh(case)
    return decisions.approve(people.head, case, decided=reviews.seen(case), **more)


def test_two_people_with_the_ruling_s_number_reopen_a_decided_case(people):
    award = approved(people)
    case = award.application
    with pytest.raises(Refused, match="不能晚於今天"):
        reopenings.ask(people.officer, case, Ruling("error", "簽1", clock.today() + dt.timedelta(days=1), "誤算"))
    change = reopenings.ask(people.head, case, RULING)
    with pytest.raises(Refused):
        services.confirm(people.head, change)
    with pytest.raises(Refused):
        services.confirm(people.officer, change)
    with pytest.raises(Refused):
        reopenings.ask(people.officer, case, RULING)  # one waits already
    services.confirm(people.director, change)
    case = fresh(case)
    kept = case.reopenings.get()
    assert (case.status, kept.asked_by, kept.confirmed_by) == (S.UNDER_REVIEW, people.head, people.director)
    assert (kept.ruling_number, kept.status_before, kept.total) == (RULING.number, S.APPROVED, 113_456)
    with pytest.raises(Refused, match="還沒有決定"):
        reopenings.ask(people.officer, case, RULING)


def test_money_is_released_and_set_aside_by_entries_and_what_is_paid_stays_counted(people):
    award = approved(people)
    envelope = award.envelope
    paid = pay_first(people, award)
    case = reopened(people, award.application)
    award.refresh_from_db()
    assert (award.status, case.reopenings.get().released) == (AwardStatus.REOPENED, 113_456 - paid)
    assert envelopes.use_of(envelope).approved == paid
    assert list(award.instalments.values_list("status", flat=True)) == ["paid", "cancelled"]
    with pytest.raises(Refused):
        instalments.approve_payment(people.officer, award.instalments.get(number=2))
    again = decide_again(people, case, 80_000)
    assert (again.pk, again.status, again.total, again.notified_on) == (award.pk, "active", ASKED, None)
    money = movements(again)
    assert (money.committed - money.released, money.paid) == (ASKED, paid)
    assert envelopes.use_of(envelope).approved == ASKED
    assert sum(again.instalments.exclude(status="cancelled").values_list("amount", flat=True)) == ASKED
    assert [entry.kind for entry in again.entries.all()] == [
        LedgerKind.COMMITTED, LedgerKind.PAID, LedgerKind.RELEASED, LedgerKind.RENEWED,
    ]  # fmt: skip


def test_the_first_decision_its_figures_and_its_letter_stay_and_are_shown(people):
    award = approved(people)
    first = Letter.objects.get(application=award.application)
    words = (first.subject, first.sha256, list(first.explanation))
    case = reopened(people, award.application)
    notified = case.letters.get(kind=LetterKind.REOPENING)
    assert "台內訴字第0990000001號訴願決定" in notified.explanation[0]
    assert first.dispatch_number in notified.explanation[1]
    decide_again(people, case, 80_000)
    first.refresh_from_db()
    assert (first.subject, first.sha256, first.explanation, first.status) == (*words, "issued")
    second = case.letters.filter(kind=LetterKind.APPROVAL, status="draft").get()
    assert any(f"本府99年6月1日{first.dispatch_number}函由本函取代" in text for text in second.explanation)
    issued(people.officer, second)
    first.refresh_from_db()
    assert (first.status, first.replaced_by) == ("void", second)
    kept = [
        (row.decision, [line.decided for line in row.lines.all()])
        for row in Proposal.objects.filter(application=case).order_by("id")
    ]
    assert kept == [("approved", [70_000, 43_456]), ("approved", [80_000, 43_456])]
    versions = Award.objects.get(application=case).versions.values_list("number", "total")
    assert list(versions) == [(1, 113_456), (2, 123_456)]
    page = text_of(signed_in(people.officer).get(f"/applications/{case.number}/decisions/"))
    assert "核定 113,456 元" in page
    assert "核定 123,456 元" in page
    assert "參酌實際需要酌予核減" in page
    assert RULING.number in page
    own = text_of(signed_in(member_of(case.organisation)).get(f"/applications/{case.number}/decisions/"))
    assert "核定 113,456 元" in own
    assert "提出／確認" not in own


def test_a_rejected_case_is_decided_anew_and_one_not_accepted_is_checked_anew(people):
    case = reviews.checked(people)
    proposals.propose_rejection(people.officer, case, note="與規定不符", edition=case.edition)
    decisions.reject(people.head, fresh(case))
    issued(people.officer, case.letters.get())
    case = reopened(people, case)
    assert (case.status, case.reopenings.get().status_before) == (S.UNDER_REVIEW, S.REJECTED)
    reviews.EnvelopeFactory(scheme=case.scheme)
    award = decide_again(people, case, 80_000)
    assert award.entries.get().kind == LedgerKind.COMMITTED
    other = reviews.received(people)
    proposals.propose_refusal(people.officer, other, reason="重複申請")
    decisions.not_accept(people.head, fresh(other))
    draft = other.letters.get()
    other = reopened(people, other)
    draft.refresh_from_db()
    assert (other.status, draft.status) == (S.COMPLETENESS_CHECK, "cancelled")


def test_what_was_paid_comes_back_when_a_reopened_case_is_turned_down(people):
    award = approved(people)
    envelope = award.envelope
    paid = pay_first(people, award)
    case = reopened(people, award.application)
    proposals.propose_rejection(people.officer, case, note="與規定不符", edition=case.edition)
    page = text_of(signed_in(people.head).get(f"/applications/{case.number}/decision/"))
    assert f"已撥付 {paid:,} 元，不予補助時要全數繳回" in page
    decisions.reject(people.head, fresh(case))
    award.refresh_from_db()
    assert (fresh(case).status, award.status, refund_due(award)) == (S.REJECTED, AwardStatus.REVOKED, paid)
    assert envelopes.use_of(envelope).approved == 0
    assert [(row.due, row.due_on) for row in returns(people.finance)] == [(paid, None)]
    letter = case.letters.get(kind=LetterKind.RETURN, status="draft")
    assert letter.explanation[0].startswith("依據行政程序法第117條、第127條辦理")
    assert "重新審查後不予補助，已撥付5萬6,728元應全數繳回" in letter.explanation[1]
    issued(people.officer, letter)
    assert award.deadlines.get(kind="return").due_on == dt.date(2010, 7, 5)
    someone = signed_in(member_of(case.organisation))
    assert "這一案重新審查後不予補助。期限 99年7月5日" in text_of(someone.get(f"/settlements/{case.number}/"))
    record_return(people.finance, award, amount=paid, voucher_number="收1")
    assert (refund_due(award), award.deadlines.get(kind="return").done_on) == (0, TODAY)


def test_a_case_that_was_turned_down_after_all_can_be_decided_once_more(people):
    award = approved(people)
    paid = pay_first(people, award)
    case = reopened(people, award.application)
    proposals.propose_rejection(people.officer, case, note="與規定不符", edition=case.edition)
    decisions.reject(people.head, fresh(case))
    case = reopened(people, fresh(case))
    assert not case.letters.filter(kind=LetterKind.RETURN, status="draft").exists()
    again = decide_again(people, case, 80_000)
    money = movements(again)
    assert (again.pk, money.committed - money.released, money.held) == (award.pk, ASKED, paid)


def test_what_was_given_up_by_mistake_is_decided_anew_by_two_people(people):
    award = approved(people)
    paid = pay_first(people, award)
    case = award.application
    amending.decided(people, amending.asked(award, amending.given_up(), reason="誤按"))
    award.refresh_from_db()
    assert (award.status, refund_due(award)) == (AwardStatus.GIVEN_UP, paid)
    case = reopened(people, case)
    award.refresh_from_db()
    assert (award.status, refund_due(award)) == (AwardStatus.REOPENED, 0)
    again = decide_again(people, case, 80_000)
    money = movements(again)
    assert (again.status, money.committed - money.released, money.held) == ("active", ASKED, paid)


def test_a_receipt_under_way_is_settled_first(people):
    award = approved(people)
    award.instalments.filter(number=1).update(status=InstalmentStatus.REQUESTED)
    with pytest.raises(Refused, match="請先撥付或退回領據"):
        reopenings.ask(people.officer, award.application, RULING)
    assert (Change.objects.count(), Reopening.objects.count()) == (0, 0)


def test_the_form_keeps_what_was_typed_and_leads_to_the_change(people):
    case = approved(people).application
    client, at = signed_in(people.officer), f"/applications/{case.number}/reopening/"
    data = {"ground": "appeal", "number": "台內訴字第1號", "on": "199/13/1", "reason": "撤銷"}
    answer = client.post(at, data)
    assert answer.status_code == 422
    assert 'value="台內訴字第1號"' in text_of(answer)
    answer = client.post(at, data | {"on": "99/5/31"})
    assert (answer.status_code, answer.url) == (302, f"/changes/{Change.objects.get().pk}/")
    waits = signed_in(people.director).get(at)
    assert (waits.status_code, waits.url) == (302, answer.url)
    shown = text_of(signed_in(people.director).get(answer.url))
    assert "台內訴字第1號" in shown
    assert "訴願決定" in shown
    assert signed_in(member_of(case.organisation)).get(at).status_code == 403
