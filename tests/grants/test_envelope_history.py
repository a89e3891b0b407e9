"""R34: many connections approve, reopen, propose and pay on one envelope at once. A reader looks all the while, and the history
is one that could have happened one after the other.
"""

import datetime as dt
import os
import random
from bisect import bisect_right
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from operator import itemgetter
from threading import Event, Lock
from time import monotonic

import pytest
from django.db import connection, transaction
from django.db.models import Case, F, Sum, Value, When

from grants.enums import SET_ASIDE, ApplicationStatus, AwardStatus, InstalmentStatus, LedgerKind
from grants.models import Application, Award, Instalment, LedgerEntry, Proposal
from grants.services.audit import reconciling
from grants.services.awards import decisions
from grants.services.awards.decisions import OverEnvelopeError
from grants.services.payments import instalments
from grants.services.reviews import proposals, reopenings
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.models import AuditEntry, AuditHead
from miaoli_kaohsiung.audit.verify import verify
from miaoli_kaohsiung.changes import services
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.lib.access import Refused
from tests.factories import money, reviews
from tests.factories.accounts import person
from tests.factories.communities import member_of
from tests.factories.grants import EnvelopeFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
SOAK = bool(os.environ.get("SOAK"))
CASES, HANDS = (24, 16) if SOAK else (6, 6)
# As many operations, or as many seconds, whichever is reached first.
MOST, SECONDS = (48, 60)
if SOAK:
    MOST, SECONDS = (
        int(os.environ.get("ENVELOPE_OPERATIONS", "100000")),
        int(os.environ.get("ENVELOPE_SECONDS", "1200")),
    )
TOTAL = 123_456
# How long the reader waits before it looks again. Without, and with rows read one by one, it took a third of the processor from
# those who work, and more with each entry of the ledger.
PAUSE = 0.02
RULING = reopenings.Ruling("error", "簽1", dt.date(2010, 5, 31), "誤算")
# What each kind of entry adds to what is used of an envelope.
SIGN = {**dict.fromkeys(SET_ASIDE, 1), LedgerKind.RESTORED: 1, LedgerKind.RELEASED: -1}


@dataclass
class History:
    """What was done, and which approvals were refused for want of money: the newest entry before and after each."""

    left: int
    lock: Lock = field(default_factory=Lock)
    done: dict[str, int] = field(default_factory=dict)
    refused: list[tuple[int, int]] = field(default_factory=list)
    looks: int = 0

    def take(self) -> bool:
        with self.lock:
            self.left -= 1
            return self.left >= 0

    def note(self, name: str) -> None:
        with self.lock:
            self.done[name] = self.done.get(name, 0) + 1


def head() -> int:
    found = AuditHead.objects.first()
    return found.seq if found else 0


def approve(people, case, history):
    before = head()
    try:
        seen = reviews.seen(case)
    except Proposal.DoesNotExist as error:
        raise Refused("somebody else decided since the case was read") from error
    try:
        decisions.approve(people.head, case, decided=seen)
    except OverEnvelopeError:
        with history.lock:
            history.refused.append((before, head()))
        raise


def propose(people, case, _history):
    wanted = {line.pk: (line.requested, "") for line in case.lines.all()}
    answers = {one.key: "已查明" for one in proposals.concerns_of(case)}
    proposals.propose(people.officer, case, wanted, note="", edition=case.edition, answers=answers)


def reopen(people, case, _history):
    waiting = Change.objects.filter(subject=case.number, status="waiting").first()
    services.confirm(people.director, waiting or reopenings.ask(people.officer, case, RULING))


def pay(people, case, _history):
    part = case.award.instalments.filter(status=InstalmentStatus.AWAITING_RECEIPT).order_by("number").first()
    if part is None:
        raise Refused("nothing to pay")
    # Its letter, which takes a PDF, is left out.
    Award.objects.filter(pk=part.award_id, notified_on=None).update(notified_on=dt.date(2010, 6, 1))
    changed = {"status": InstalmentStatus.REQUESTED, "requested_by": member_of(case.organisation)}
    Instalment.objects.filter(pk=part.pk, status=part.status).update(**changed, requested_on=dt.date(2010, 6, 1))
    instalments.approve_payment(people.officer, Instalment.objects.get(pk=part.pk))
    instalments.pay(people.cashier, Instalment.objects.get(pk=part.pk), voucher_number=f"憑{part.pk}")


def one_operation(people, key, dice, history):
    """Do what the case's status lets somebody do; others may be at it as well."""
    case = Application.objects.get(pk=key)
    acts = {ApplicationStatus.PROPOSED: approve, ApplicationStatus.UNDER_REVIEW: propose}
    act = acts.get(case.status, pay if dice.random() < 0.1 else reopen)
    try:
        act(people, case, history)
    except Refused:
        history.note(f"{act.__name__} refused")
    else:
        history.note(act.__name__)


def work(people, keys, seed, history, until):
    dice = random.Random(seed)
    try:
        while monotonic() < until and history.take():
            one_operation(people, dice.choice(keys), dice, history)
    finally:
        connection.close()


def look(envelope, history, over):
    """See, in one snapshot after the other, that ledger = awards <= envelope."""
    try:
        while not over.wait(PAUSE):
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                ledger, awards = of_ledger(envelope), of_awards(envelope)
            assert ledger == awards <= envelope.amount
            history.looks += 1
    finally:
        connection.close()


def of_ledger(envelope):
    sign = Case(*(When(kind=kind, then=Value(sign)) for kind, sign in SIGN.items()), default=Value(0))
    return LedgerEntry.objects.filter(envelope=envelope).aggregate(sum=Sum(F("amount") * sign))["sum"] or 0


def of_awards(envelope):
    """What the awards say: those that stand with their total, those that are being decided anew with what was paid."""
    rows = Award.objects.filter(envelope=envelope)
    standing = rows.exclude(status=AwardStatus.REOPENED).aggregate(sum=Sum("total"))["sum"] or 0
    paid = Instalment.objects.filter(
        award__envelope=envelope, award__status=AwardStatus.REOPENED, status=InstalmentStatus.PAID
    )
    return standing + (paid.aggregate(sum=Sum("amount"))["sum"] or 0)


def prefixes():
    """Return what was used after each entry of the ledger, by the number of the entry in the trail."""
    total, found = 0, [(0, 0)]
    rows = AuditEntry.objects.filter(object_type="grants.ledgerentry").order_by("seq")
    for seq, action, after in rows.values_list("seq", "action", "after"):
        total += SIGN.get(action.removeprefix("ledger."), 0) * after["amount"]
        found.append((seq, total))
    return found


def at_most(found, before, after):
    """Return the most that was used at some moment between the two entries."""
    first = bisect_right(found, before, key=itemgetter(0)) - 1
    last = bisect_right(found, after, key=itemgetter(0))
    return max(total for _seq, total in found[first:last])


def test_the_history_of_an_envelope_could_have_happened_one_by_one():
    people = reviews.staff()
    people.director, people.cashier = person(Role.APPROVER), person(Role.FINANCE_OFFICER)
    keys = [reviews.proposed(people).application_id for _ in range(CASES)]
    scheme = Application.objects.get(pk=keys[0]).scheme
    # Room for half of the cases and not for one more.
    envelope = EnvelopeFactory(scheme=scheme, amount=(CASES // 2 + 1) * TOTAL - 1)
    history, over = History(MOST), Event()
    until = monotonic() + SECONDS
    with ThreadPoolExecutor(HANDS + 1) as pool:
        reader = pool.submit(look, envelope, history, over)
        hands = [pool.submit(work, people, keys, seed, history, until) for seed in range(HANDS)]
        try:
            for hand in hands:
                hand.result()
        finally:
            over.set()
        reader.result()
    found = prefixes()
    assert max(total for _seq, total in found) <= envelope.amount
    # Each approval that was refused for want of money had none at a moment while it was asked for.
    roomy = [pair for pair in history.refused if at_most(found, *pair) + TOTAL <= envelope.amount]
    assert roomy == []
    assert (list(reconciling.differences()), verify().problem) == ([], "")
    assert found[-1][1] == of_awards(envelope)
    assert history.done["approve"] >= CASES // 2
    assert history.looks > 0
    print(f"\n{sum(history.done.values())} operations, {history.looks} looks: {history.done}")


def test_a_payment_waits_for_nobody_who_counts_the_envelope():
    """It writes a row that points to the envelope, while an approval of the same case waits for it: both went on to wait."""
    people = money.county()
    award = money.approved(staff=people)
    part = award.instalments.get(number=1)
    instalments.request_payment(people.officer, part, receipt_number="1")
    instalments.approve_payment(people.head, part)

    def paid():
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '5s'")
            return instalments.pay(people.cashier, part, voucher_number="1").status
        finally:
            connection.close()

    with transaction.atomic(), ThreadPoolExecutor(1) as pool:
        assert decisions._lock_envelope(award.application) == award.envelope
        assert pool.submit(paid).result() == "paid"
