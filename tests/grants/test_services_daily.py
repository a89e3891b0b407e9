"""The daily jobs: once a day, in which words and to whom, caught up after days on which nothing ran."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from communities.enums import Office
from communities.models import OfficeTerm
from grants.enums import ApplicationStatus, DeadlineKind, InstalmentStatus
from grants.models import ApplicationVersion, CorrectionRequest, Deadline, Instalment
from grants.services import daily
from grants.services.payments import instalments
from grants.tasks import run_daily
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.models import AuditEntry, AuditSeal
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.notices.models import DIGEST, JobRun, Notice
from tests.factories.accounts import PostFactory, UserFactory, person
from tests.factories.communities import OrganisationFactory, member_of
from tests.factories.grants import ApplicationFactory
from tests.factories.money import approved, county, member

pytestmark = pytest.mark.django_db
DUE = dt.date(2010, 9, 30)
ONE_DAY = dt.timedelta(days=1)


def run_on(day: dt.date) -> dict[str, int] | None:
    with clock.travel(day):
        return daily.run(day)


def run_through(first: dt.date, last: dt.date) -> None:
    day = first
    while day <= last:
        run_on(day)
        day += ONE_DAY


@pytest.fixture
def reminders_alone(monkeypatch) -> None:
    """Weeks walked day by day for their reminders do without the two checks that look through everything there is and write to
    heads and auditors; test_leaving.py and test_reconciling.py hold those.
    """
    monkeypatch.setattr(daily.unheld, "check", lambda day: 0)
    monkeypatch.setattr(daily.reconciling, "alarm", lambda: 0)


def stages_of(prefix: str = "reminder.settlement") -> list[str]:
    kinds = Notice.objects.filter(kind__startswith=prefix).order_by("id").values_list("kind", flat=True)
    return [kind.rpartition(".")[2] for kind in kinds]


def single(staff, **dates):
    """An award of one payment, so that the settlement alone is called to mind."""
    return approved((50_000,), staff=staff, **dates)


# Which days


@pytest.mark.usefixtures("reminders_alone")
def test_every_stage_of_a_settlement_day_by_day(staff):
    award = single(staff, settlement_due=DUE)
    someone = member(award)
    seen = {}
    day = dt.date(2010, 8, 25)
    while day <= dt.date(2010, 10, 20):
        before = set(Notice.objects.values_list("pk", flat=True))
        run_on(day)
        fresh = Notice.objects.exclude(pk__in=before).filter(kind__startswith="reminder.")
        fresh = fresh.values_list("kind", "recipient")
        if fresh:
            seen[day] = {(kind.rpartition(".")[2], who) for kind, who in fresh}
        day += ONE_DAY
    both = (someone.pk, staff.officer.pk)
    assert seen == {
        dt.date(2010, 8, 31): {("before-30", someone.pk)},
        dt.date(2010, 9, 16): {("before-14", someone.pk)},
        dt.date(2010, 9, 27): {("before-3", someone.pk)},
        dt.date(2010, 9, 30): {("day", someone.pk)},
        dt.date(2010, 10, 1): {("after-1", who) for who in both},
        # From then on it stands on the officer's desk.
        dt.date(2010, 10, 8): {("after-8", someone.pk)},
        dt.date(2010, 10, 15): {("after-15", someone.pk)},
    }


def test_words_of_a_reminder(staff):
    award = single(staff, settlement_due=DUE)
    member(award)
    run_on(dt.date(2010, 9, 16))
    notice = Notice.objects.exclude(kind=DIGEST).get()
    assert notice.subject == f"提醒結報（還有 14 天）：{award.number} {award.application.organisation.name}"
    assert "99年9月30日（還有 14 天）" in notice.body
    assert "先登記完成的日期" in notice.body
    assert "（）" not in notice.body
    assert "高雄縣政府承辦人" in notice.body
    assert "電話 07-7477611" in notice.body
    assert (notice.url, notice.due_on) == (f"/settlements/{award.number}/#completion", DUE)


def test_a_term_without_a_clause_shows_no_empty_brackets(staff):
    """The plan of Miaoli names no term for the settlement."""
    award = single(staff, settlement_due=DUE)
    member(award)
    Deadline.objects.filter(award=award).update(clause="")
    run_on(dt.date(2010, 9, 16))
    body = Notice.objects.exclude(kind=DIGEST).get().body
    assert "送來結報。" in body
    assert "（）" not in body


def test_a_missed_day_is_caught_up_with_the_newest_stage_alone(staff):
    award = single(staff, settlement_due=DUE)
    member(award)
    run_on(dt.date(2010, 8, 31))
    run_on(dt.date(2010, 9, 28))
    assert stages_of() == ["before-30", "before-3"]
    assert "還有 2 天" in Notice.objects.filter(kind__startswith="reminder.").latest("id").subject


def test_never_twice(staff):
    member(single(staff, settlement_due=DUE))
    with clock.travel(DUE):
        assert {name: count for name, count in run_daily().items() if count} == {
            "duties": 6,
            "sums": 2,
            "reminders": 1,
            "mails": 1,
        }
        assert run_daily() is None
        JobRun.objects.all().delete()
        assert set(run_daily().values()) == {0}
    assert stages_of() == ["day"]


def test_nothing_is_told_of_what_is_done(staff):
    award = single(staff, settlement_due=DUE)
    member(award)
    Deadline.objects.update(done_on=dt.date(2010, 9, 1))
    run_on(DUE)
    assert stages_of() == []


def test_the_other_county_hears_nothing(staff):
    other = county("miaoli")
    member(single(staff, settlement_due=DUE))
    run_on(DUE + ONE_DAY)
    assert not Notice.objects.filter(recipient__in=vars(other).values()).exists()
    assert Notice.objects.exclude(kind=DIGEST).count() == 2


@pytest.mark.usefixtures("reminders_alone")
def test_the_receipt_of_the_first_instalment_is_asked_for(staff):
    award = approved(staff=staff, receipt_due=dt.date(2010, 7, 1), settlement_due=DUE)
    someone = member(award)
    run_through(dt.date(2010, 6, 1), dt.date(2010, 7, 10))
    assert stages_of("reminder.receipt") == ["opening", "before-7", "day", "after-1", "after-1", "after-8"]
    # One line, which grows older; the officer's says that it is late, in an office's words.
    receipt = Notice.objects.filter(kind__startswith="reminder.receipt")
    (mine,) = receipt.filter(recipient=someone, closed_at=None)
    assert (mine.kind, mine.first_on, mine.times) == ("reminder.receipt.late.after-8", dt.date(2010, 6, 2), 5)
    (theirs,) = receipt.filter(recipient=staff.officer)
    assert ("催辦" in theirs.body, "我們一起想辦法" in theirs.body) == (True, False)
    first = Notice.objects.filter(recipient=someone).earliest("id")
    assert "60,000 元" in first.body
    assert first.url == f"/awards/{award.number}/instalments/1/request/"


@pytest.mark.usefixtures("reminders_alone")
def test_the_reminders_of_a_receipt_end_when_it_is_in(staff):
    award = approved(staff=staff, receipt_due=dt.date(2010, 7, 1), settlement_due=DUE)
    member(award)
    run_on(dt.date(2010, 6, 2))
    instalments.request_payment(staff.officer, award.instalments.get(number=1), receipt_number="1")
    run_through(dt.date(2010, 6, 3), dt.date(2010, 7, 10))
    assert stages_of("reminder.receipt") == ["opening"]


def correction(staff, due_on: dt.date, **fields) -> CorrectionRequest:
    case = ApplicationFactory(
        status=ApplicationStatus.CORRECTION_REQUESTED, first_filed_on=dt.date(2010, 5, 1), officer=staff.officer
    )
    version = ApplicationVersion.objects.create(
        application=case,
        number=1,
        token="00000000-0000-4000-8000-000000000001",
        snapshot={},
        ruleset_sha256="",
        filed_on=dt.date(2010, 5, 1),
        filed_at=clock.now(),
        filed_by=UserFactory(),
    )
    return CorrectionRequest.objects.create(
        application=case,
        version=version,
        items="缺課程表",
        due_on=due_on,
        requested_by=staff.officer,
        requested_on=dt.date(2010, 6, 1),
        **fields,
    )


@pytest.mark.usefixtures("reminders_alone")
def test_a_correction_is_called_to_mind_and_then_put_before_the_officer(staff):
    asked = correction(staff, dt.date(2010, 6, 10))
    someone = member_of(asked.application.organisation)
    run_through(dt.date(2010, 6, 1), dt.date(2010, 6, 30))
    rows = Notice.objects.exclude(kind=DIGEST).order_by("id").values_list("kind", "recipient")
    assert list(rows) == [
        ("reminder.correction.asked.before-3", someone.pk),
        ("reminder.correction.office.after-1", staff.officer.pk),
    ]
    assert Deadline.objects.get().subject_key == f"correction:{asked.pk}"


def test_a_chair_s_term_is_called_to_mind_ninety_days_ahead(staff):
    organisation = OrganisationFactory()
    term = OfficeTerm.objects.create(
        organisation=organisation,
        office=Office.CHAIRPERSON,
        person_name="示範理事長",
        valid_from=dt.date(2006, 9, 30),
        valid_to=dt.date(2010, 9, 29),
    )
    run_on(dt.date(2010, 4, 1))
    assert not Deadline.objects.exists()
    run_through(dt.date(2010, 6, 29), dt.date(2010, 6, 30))
    assert not Notice.objects.exclude(kind=DIGEST).exists()
    run_through(dt.date(2010, 7, 1), dt.date(2010, 7, 3))
    (notice,) = Notice.objects.exclude(kind=DIGEST)
    assert (notice.recipient, notice.kind) == (staff.officer, "reminder.term_expiry.asked.before-90")
    assert "示範理事長" in notice.body
    assert Deadline.objects.get().subject_key == f"term:{term.pk}"


def test_nobody_is_bothered_where_the_next_chair_is_elected(staff):
    organisation = OrganisationFactory()
    for since, until in ((2006, 2010), (2010, 2014)):
        OfficeTerm.objects.create(
            organisation=organisation,
            office=Office.CHAIRPERSON,
            person_name="示範",
            valid_from=dt.date(since, 9, 30),
            valid_to=dt.date(until, 9, 29),
        )
    run_on(dt.date(2010, 7, 1))
    assert not Deadline.objects.exists()


# What is missing is made, what is moot is closed


def test_deadlines_that_are_missing_are_made_once(staff):
    award = approved(staff=staff)
    done = run_on(dt.date(2010, 6, 2))
    assert done is not None
    assert done["deadlines"] == 2
    made = {row.kind: (row.due_on, row.clause) for row in Deadline.objects.all()}
    # 33 days: the county's thirty and three for the post.
    assert made == {
        DeadlineKind.SETTLEMENT: (dt.date(2010, 9, 30), "K7.2a"),
        DeadlineKind.RECEIPT: (dt.date(2010, 7, 5), "K7.1a"),
    }
    assert AuditEntry.objects.filter(action="deadline.plan", case=award.number, actor_name="系統").count() == 2
    run_on(dt.date(2010, 6, 3))
    assert Deadline.objects.count() == 2


def test_no_deadline_is_made_for_an_award_whose_letter_is_a_draft(staff):
    approved(staff=staff, notified=False)
    done = run_on(dt.date(2010, 6, 2))
    assert done is not None
    assert (done["deadlines"], Deadline.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        ((99_999,), [(1, 99_999, InstalmentStatus.SCHEDULED)]),
        ((100_000,), [(1, 50_000, InstalmentStatus.AWAITING_RECEIPT), (2, 50_000, InstalmentStatus.SCHEDULED)]),
        ((100_001,), [(1, 50_000, InstalmentStatus.AWAITING_RECEIPT), (2, 50_001, InstalmentStatus.SCHEDULED)]),
    ],
)
def test_an_award_without_a_plan_gets_one(staff, amounts, expected):
    approved(amounts, staff=staff, settlement_due=DUE)
    Instalment.objects.all().delete()
    run_on(dt.date(2010, 6, 2))
    run_on(dt.date(2010, 6, 3))
    assert list(Instalment.objects.values_list("number", "amount", "status")) == expected


def test_deadlines_that_nobody_waits_for_are_closed(staff):
    asked = correction(staff, dt.date(2010, 6, 10))
    run_on(dt.date(2010, 6, 2))
    asked.application.status = ApplicationStatus.WITHDRAWN
    asked.application.save()
    run_on(dt.date(2010, 6, 11))
    assert Deadline.objects.get().done_on == dt.date(2010, 6, 11)
    assert not Notice.objects.filter(kind__startswith="reminder.").exists()


# Failing and racing


def test_a_run_that_fails_is_taken_up_by_the_next(staff, monkeypatch):
    member(single(staff, settlement_due=DUE))
    with monkeypatch.context() as broken:
        broken.setattr("grants.services.reminders.deadlines.close_moot", lambda day, since: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            run_on(DUE)
    assert (JobRun.objects.get().finished_at, Notice.objects.count()) == (None, 0)
    run_on(DUE)
    assert (JobRun.objects.get().finished_at is None, stages_of()) == (False, ["day"])


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_two_beats_and_four_workers_make_one_row_each(staff):
    """R7."""
    for _number in range(5):
        member(single(staff, settlement_due=DUE))
    barrier = Barrier(8, timeout=120)

    def ring(_number: int) -> bool:
        try:
            barrier.wait()
            return daily.run(DUE) is not None
        finally:
            connection.close()

    with clock.travel(DUE), ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ring, range(8)))
    assert sorted(answers) == [False] * 7 + [True]
    assert stages_of() == ["day"] * 5
    assert JobRun.objects.count() == 1


def test_queries_do_not_grow_with_what_is_told_already(staff, django_assert_max_num_queries):
    for _number in range(3):
        member(single(staff, settlement_due=DUE))
    run_on(DUE)
    JobRun.objects.all().delete()
    with clock.travel(DUE), django_assert_max_num_queries(212):
        daily.run(DUE)


# The day's seal


def test_auditors_keep_the_seal_of_the_day_before_and_get_it_once(staff):
    auditor = person(Role.AUDITOR)
    PostFactory(user=auditor, role=Role.AUDITOR, county="miaoli")
    first, second = dt.date(2010, 6, 1), dt.date(2010, 6, 2)

    def seals():
        return [(n.recipient, n.due_on, n.url) for n in Notice.objects.filter(kind="audit.seal").order_by("id")]

    assert run_on(first)["seals"] == 0
    AuditSeal.objects.create(day=first, seq=7, hash="ab" * 32, made_at=clock.now())
    assert daily.send_seal(first, first) == 0
    run_on(second)
    run_on(second + ONE_DAY)
    assert seals() == [(auditor, first, "/audit/seals/")]
    assert [text in Notice.objects.get(kind="audit.seal").body for text in ("第 7 筆", "ab" * 32)] == [True, True]
