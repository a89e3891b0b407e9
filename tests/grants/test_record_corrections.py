"""A day of completion typed wrongly is put right by two people; the term moves with it and both days stay on record."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from grants.models import Award, Deadline, RecordCorrection
from grants.services.settlements import record_corrections, reports
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import Notice
from tests.factories.money import approved, member
from tests.grants.settling import accepted, add_papers, report

pytestmark = pytest.mark.django_db
WRONG, RIGHT = dt.date(2010, 4, 20), dt.date(2010, 5, 20)


@pytest.fixture
def award(staff) -> Award:
    row = approved(staff=staff, settlement_due=dt.date(2010, 9, 30))
    # Told before either day: the term is counted from the letter where that is later than the completion.
    Award.objects.filter(pk=row.pk).update(notified_on=dt.date(2010, 3, 1))
    row.refresh_from_db()
    reports.register_completion(member(row), row, WRONG)
    return Award.objects.get(pk=row.pk)


def due(award: Award) -> dt.date:
    return Deadline.objects.get(award=award, kind="settlement").due_on


def asked(award: Award, user) -> RecordCorrection:
    return record_corrections.ask_completion(user, award, completed_on=RIGHT, reason="月份打錯")


def test_nothing_changes_before_another_person_confirms(staff, award):
    row = asked(award, staff.officer)
    assert (Award.objects.get().completed_on, due(award)) == (WRONG, dt.date(2010, 5, 20))
    with pytest.raises(Refused, match="不能自己確認"):
        record_corrections.confirm(staff.officer, row)
    with pytest.raises(Refused):
        record_corrections.confirm(staff.finance, row)
    record_corrections.confirm(staff.head, row)
    record_corrections.confirm(staff.head, row)
    award = Award.objects.get()
    assert (award.completed_on, award.settlement.completed_on, due(award)) == (RIGHT, RIGHT, dt.date(2010, 6, 21))
    entry = AuditEntry.objects.filter(action="record_correction.confirm").get()
    assert (entry.after["before"], entry.after["after"]) == ("2010-04-20", "2010-05-20")
    assert Notice.objects.filter(kind="record_correction.confirm").exists()


def test_the_association_asks_and_the_officer_confirms(staff, award):
    row = asked(award, member(award))
    assert record_corrections.confirm(staff.officer, row).status == "confirmed"
    assert Notice.objects.filter(recipient=staff.officer, kind="record_correction.waits").count() == 1


def test_refused_leaves_all_as_it_was(staff, award):
    row = record_corrections.refuse(staff.head, asked(award, staff.officer), "照片日期是4月20日")
    assert (row.status, Award.objects.get().completed_on, due(award)) == ("refused", WRONG, dt.date(2010, 5, 20))
    assert asked(award, staff.officer).status == "draft"


def test_what_was_sent_in_time_by_the_right_day_is_not_late(staff, award):
    user, settlement = member(award), award.settlement
    add_papers(settlement, user)
    assert reports.submit(user, settlement, report(settlement, 80_000, 40_000)).late is True
    record_corrections.confirm(staff.head, asked(award, user))
    settlement.refresh_from_db()
    assert settlement.late is False


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (dt.date(2010, 2, 28), "執行起日和今天之間"),
        (dt.date(2010, 6, 2), "執行起日和今天之間"),
        (WRONG, "和原來登記的相同"),
    ],
)
def test_days_that_cannot_be_are_refused(staff, award, day, reason):
    with pytest.raises(Refused, match=reason):
        record_corrections.ask_completion(staff.officer, award, completed_on=day, reason="x")
    assert RecordCorrection.objects.count() == 0


def test_one_at_a_time_and_the_same_twice_is_one(staff, award):
    first = asked(award, staff.officer)
    assert asked(award, staff.officer) == first
    with pytest.raises(Refused, match="等待確認"):
        asked(award, member(award))


def test_not_before_completion_and_not_after_acceptance(staff):
    row = approved(staff=staff)
    with pytest.raises(Refused, match="還沒有登記執行完畢"):
        asked(row, staff.officer)
    accepted(row, staff, (80_000, 40_000))
    with pytest.raises(Refused, match="已准予核銷"):
        asked(Award.objects.get(pk=row.pk), staff.officer)


def test_the_database_refuses_one_person_for_both(staff, award):
    row = asked(award, staff.officer)
    with pytest.raises(IntegrityError, match="record_correction_four_eyes"), transaction.atomic():
        RecordCorrection.objects.filter(pk=row.pk).update(decided_by=staff.officer)


def test_from_page_to_page(client, staff, award):
    page = reverse("grants:settlement_detail", args=[award.number])
    client.force_login(member(award))
    assert "完成日登記錯了" in client.get(page).content.decode()
    address = reverse("grants:completion_correct", args=[award.number])
    assert client.post(address, {"completed_on": "99/5/20", "reason": ""}).status_code == 422
    assert client.post(address, {"completed_on": "99/5/20", "reason": "月份打錯"}).status_code == 302
    row = RecordCorrection.objects.get()
    client.force_login(staff.head)
    assert "實際完成日由99年4月20日更正為99年5月20日。理由：月份打錯" in client.get(page).content.decode()
    client.post(reverse("grants:completion_correct_decide", args=[award.number, row.pk, "confirm"]))
    assert Award.objects.get().completed_on == RIGHT
    assert clock.today() == dt.date(2010, 6, 1)


def test_a_refusal_may_be_as_long_as_the_form_allows(client, staff, award):
    row = asked(award, staff.officer)
    client.force_login(staff.head)
    address = reverse("grants:completion_correct_decide", args=[award.number, row.pk, "refuse"])
    assert [client.post(address, {"note": note}).status_code for note in ("", "長" * 1001)] == [422, 422]
    assert client.post(address, {"note": "長" * 1000}).status_code == 302
    row.refresh_from_db()
    assert (row.status, len(row.note)) == ("refused", 1000)
