"""The demonstration by its daily jobs alone: nobody of an office gets more than one mail a day, whatever is overdue is on
the desk of somebody who can act, and nothing that is done is still asked for.

The whole year of the demonstration from 99/6/1 to 100/6/2 in `make soak`; some weeks of a small county in `make test`. The
figures are printed.
"""

import datetime as dt
import os
from collections import Counter

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import override_settings

from communities.models import OfficeTerm
from grants.enums import DeadlineKind
from grants.models import Application, Award, CorrectionRequest, Deadline, Duty, Instalment, Settlement
from grants.queries.desk import arms
from grants.queries.duties import waiting
from grants.services import daily
from miaoli_kaohsiung.accounts.audiences import STAFF_ROLES
from miaoli_kaohsiung.accounts.models import Post, User
from miaoli_kaohsiung.accounts.queries import posts_in_force
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.notices.models import DIGEST, EmailState, Notice
from tests.factories import money, reviews
from tests.factories.communities import chair_of

SOAK = bool(os.environ.get("SOAK"))
START = dt.date(2010, 6, 1)
UNTIL = dt.date(2011, 6, 2) if SOAK else dt.date(2010, 7, 13)
pytestmark = [pytest.mark.django_db, pytest.mark.portal_date(UNTIL.year, UNTIL.month, UNTIL.day)]
MAILED = (EmailState.PENDING, EmailState.SENT)


@pytest.fixture(scope="module", autouse=True)
def walked(django_db_setup, django_db_blocker, tmp_path_factory):
    """The demonstration on UNTIL, after the jobs of each day; (mails, days) of each officer by the notices made."""
    folder = tmp_path_factory.mktemp("year")
    with (
        django_db_blocker.unblock(),
        transaction.atomic(),
        override_settings(VAR_DIR=folder, MEDIA_ROOT=folder / "files", PORTAL_DATE_FILE=folder / "portal_date"),
    ):
        if SOAK:
            call_command("load_demo", verbosity=0)
        else:
            clock.set_portal_date(START)
            small_county()
        loaded = Notice.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        day, missing = START, []
        while day < UNTIL:
            day += dt.timedelta(days=1)
            clock.set_portal_date(day)
            daily.run(day)
            if day.day == 2:
                missing += [(day, *row) for row in not_on_a_desk()]
        yield {"loaded": loaded, "missing": missing + [(UNTIL, *row) for row in not_on_a_desk()]}
        transaction.set_rollback(True)


def small_county() -> None:
    """Three awards that miss their receipts and settlements, a correction that never comes, a term that runs out."""
    staff = money.county()
    for receipt, settlement in ((10, 20), (12, 30), (14, 40)):
        days = {
            "receipt_due": START + dt.timedelta(days=receipt),
            "settlement_due": START + dt.timedelta(days=settlement),
        }
        money.member(money.approved(staff=staff, ends_on=START, **days))
    case = reviews.received(staff)
    due = START + dt.timedelta(days=8)
    Application.objects.filter(pk=case.pk).update(status="correction_requested", correction_due_on=due)
    CorrectionRequest.objects.create(
        application=case,
        version=case.versions.get(),
        items="缺課程表",
        due_on=due,
        requested_by=staff.officer,
        requested_on=START,
    )
    chair = chair_of(case.organisation)
    for model in (OfficeTerm, Post):
        model.objects.filter(user=chair).update(valid_to=START + dt.timedelta(days=15))


def officers() -> set[int]:
    return set(posts_in_force().filter(role__in=STAFF_ROLES).values_list("user", flat=True))


def on_desks() -> set[tuple[type, int]]:
    """Everything on the desk of anybody who holds a post, or whose term as chairperson is over."""
    found = set()
    for user in User.objects.filter(is_active=True):
        for _queue, rows in arms.arms_of(user):
            found |= {(rows.model, pk) for pk in rows.order_by().values_list("pk", flat=True)}
    return found


def not_on_a_desk() -> list[tuple[str, str]]:
    """The overdue deadlines and duties, read from their tables, that nobody has before them."""
    shown, today = on_desks(), clock.today()
    late = Deadline.objects.filter(done_on=None, due_on__lt=today)
    gone = [(row.kind, row.subject_key) for row in late if not places_of(row) & shown]
    duties = waiting(Duty.objects.filter(due_on__lt=today))
    return gone + [(f"duty {row.key}", str(row)) for row in duties if (Duty, row.pk) not in shown]


def places_of(row: Deadline) -> set[tuple[type, int]]:
    if row.kind == DeadlineKind.CORRECTION:
        return {(Application, row.application_id)}
    if row.kind == DeadlineKind.RECEIPT:
        return {(Instalment, row.instalment_id)}
    if row.kind == DeadlineKind.TERM_EXPIRY:
        return {(OfficeTerm, int(row.subject_key.partition(":")[2]))}
    settlements = Settlement.objects.filter(award=row.award_id).values_list("pk", flat=True)
    return {(Award, row.award_id), *((Settlement, pk) for pk in settlements)}


def test_no_officer_gets_more_than_one_mail_a_day(walked):
    rows = Notice.objects.filter(pk__gt=walked["loaded"], recipient__in=officers(), email_state__in=MAILED)
    assert not rows.exclude(kind=DIGEST).exists()
    a_day = Counter(rows.values_list("recipient", "due_on"))
    notices = Notice.objects.filter(pk__gt=walked["loaded"], recipient__in=officers()).exclude(kind=DIGEST).count()
    days = (UNTIL - START).days
    most = Counter(recipient for recipient, _day in a_day).most_common(1)[0][1]
    print(
        f"\n{days} days: {len(officers())} officers, {notices} notices, {len(a_day)} mails; the busiest one got {most}"
    )
    assert max(a_day.values()) == 1
    assert most <= days


def test_whatever_is_overdue_is_on_the_desk_of_somebody_who_can_act(walked):
    late = Deadline.objects.filter(done_on=None, due_on__lt=UNTIL).count()
    duties = waiting(Duty.objects.filter(due_on__lt=UNTIL)).count()
    print(f"\n{late} deadlines and {duties} duties are overdue on {UNTIL}")
    assert late > 3
    assert walked["missing"] == []


def test_nothing_that_is_done_is_still_asked_for():
    current = Notice.objects.filter(closed_at=None)
    waits = {f"{kind}:{key}" for kind, key in Deadline.objects.filter(done_on=None).values_list("kind", "subject_key")}
    asked = set(current.filter(kind__startswith="reminder.").values_list("object_key", flat=True))
    open_duties = {f"duty:{pk}" for pk in waiting(Duty.objects.all()).values_list("pk", flat=True)}
    duties = set(
        current.filter(kind__startswith="duty.", object_key__startswith="duty:")
        .exclude(kind="duty.occasion")
        .values_list("object_key", flat=True)
    )
    print(f"\nopen notices: {current.exclude(kind=DIGEST).count()}, reminders {len(asked)}, duties {len(duties)}")
    assert (asked - waits, duties - open_duties) == (set(), set())


def test_a_repeat_is_one_line():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT recipient_id, thread, count(*) FROM notices_notice WHERE closed_at IS NULL"
            " AND kind LIKE 'reminder.%%' GROUP BY 1, 2 HAVING count(*) > 1",
            [],
        )
        assert cursor.fetchall() == []
