"""Too few in the day care (K3.I.3.2c, A23): a warning at settlement is explained in writing, and accepted or refused."""

import pytest
from django.urls import reverse

from grants.enums import RulingStatus, Verdict
from grants.models import Award, Waiver
from grants.services.settlements import reports, surcharges
from grants.services.settlements.reports import IncompleteError
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from tests.factories.accounts import person
from tests.factories.money import member

from .attending import ACCEPTED, REFUSED, WHY, judged, may, monthly_report, months, sent, station, to_read
from .rulings import in_force
from .settling import add_papers, admit, opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def award(staff) -> Award:
    return station(staff, "disability_day_care")


@pytest.mark.parametrize(
    ("value", "why", "missing"),
    [("15", "", 0), ("14.9", "", 1), ("14.9", " ", 1), ("12", "", 1), ("14.9", WHY, 0)],
)
def test_it_is_not_sent_without_the_reason_of_each_month_below_15(award, value, why, missing):
    if not missing:
        assert sent(award, months(value, why)).status == "submitted"
        return
    with pytest.raises(IncompleteError) as refused:
        sent(award, months(value, why))
    (gap,) = refused.value.gaps
    assert (gap.clause, gap.anchor) == ("K3.I.3.2c", "id_month-courses-2010-05-explanation")
    # The stored 12.0 is written 12.
    assert gap.text == f"99年5月平均服務 {value} 位，不足 15 位，請說明。"


def test_the_content_is_passed_once_the_reason_is_accepted(staff, award):
    settlement = to_read(staff, award)
    with pytest.raises(Refused, match="99年5月人數不足的說明還沒有接受"):
        reports.check_content(staff.officer, settlement)
    judged(staff, settlement, ACCEPTED)
    row = may(settlement)
    assert (row.verdict, row.verdict_by) == (ACCEPTED, staff.officer)
    assert AuditEntry.objects.get(action="settlement.verdict").after == {"2010-05": "同意"}
    assert reports.check_content(staff.officer, settlement).status == "content_checked"
    assert reports.accept(staff.head, settlement).status == "accepted"


def test_a_refused_reason_goes_back_and_is_written_anew(staff, award):
    settlement = to_read(staff, award)
    judged(staff, settlement, REFUSED, "請附停課公文")
    with pytest.raises(Refused, match="還沒有接受"):
        reports.check_content(staff.officer, settlement)
    settlement = reports.ask_correction(staff.officer, settlement, "說明")
    user = member(award)
    with pytest.raises(IncompleteError):
        reports.submit(user, settlement, monthly_report(settlement, months()))
    again = reports.submit(user, settlement, monthly_report(settlement, months(why="停課公文已附")))
    row = may(again)
    assert (row.verdict, row.verdict_note, row.verdict_by) == (Verdict.PENDING, "", None)
    reports.check_sums(staff.finance, again, admit(again, 60_000, 40_000))
    judged(staff, again, ACCEPTED)
    assert reports.check_content(staff.officer, again).status == "content_checked"


def test_an_accepted_reason_stands_when_something_else_is_mended(staff, award):
    settlement = to_read(staff, award)
    judged(staff, settlement, ACCEPTED)
    settlement = reports.ask_correction(staff.officer, settlement, "照片")
    again = reports.submit(member(award), settlement, monthly_report(settlement, months()))
    assert may(again).verdict == ACCEPTED
    again = reports.ask_correction(staff.officer, again, "人數")
    reports.save(member(award), again, monthly_report(again, months("14.8")))
    assert may(again).verdict == Verdict.PENDING


@pytest.mark.parametrize(("verdict", "note", "words"), [(REFUSED, " ", "請寫理由"), (ACCEPTED, "", "")])
def test_a_refusal_needs_its_reason(staff, award, verdict, note, words):
    settlement = to_read(staff, award)
    if not words:
        judged(staff, settlement, verdict, note)
        return
    with pytest.raises(Refused, match=words):
        judged(staff, settlement, verdict, note)


def test_only_the_officer_who_may_check_the_content_answers(staff, award):
    settlement = to_read(staff, award)
    answer = {may(settlement).pk: (ACCEPTED, "")}
    for user in (staff.finance, staff.head, member(award), person(Role.CASE_OFFICER, "miaoli")):
        with pytest.raises(Refused):
            reports.judge_attendance(user, settlement, answer)
    assert may(settlement).verdict == Verdict.PENDING
    judged(staff, settlement, ACCEPTED)
    reports.check_content(staff.officer, settlement)
    with pytest.raises(Refused):
        judged(staff, settlement, REFUSED, "太晚")
    assert may(settlement).verdict == ACCEPTED


def test_where_the_county_rules_15_throughout_only_a_waiver_helps(staff, award):
    in_force(award.application.scheme, parameter="reading.users_when", value={"value": "throughout"}, on=clock.today())
    settlement = to_read(staff, award)
    with pytest.raises(Refused, match="沒有可以接受的說明"):
        judged(staff, settlement, ACCEPTED)
    one, two = person(Role.CASE_OFFICER), person(Role.APPROVER)
    Waiver.objects.create(
        application=award.application,
        clause="K3.I.3.2c",
        memo_number="簽1",
        reason="專案",
        author=one,
        recorded_on=clock.today(),
        status=RulingStatus.CONFIRMED,
        decided_by=two,
    )
    assert [short.memo for short in surcharges.shortfalls(settlement)] == ["簽1"]
    assert reports.check_content(staff.officer, settlement).status == "content_checked"


def test_where_it_rules_15_at_the_start_nothing_is_asked(staff, award):
    in_force(award.application.scheme, parameter="reading.users_when", value={"value": "at_start"}, on=clock.today())
    settlement = to_read(staff, award, value="3", why="")
    assert reports.check_content(staff.officer, settlement).status == "content_checked"


# The page


def at(name: str, award: Award) -> str:
    return reverse(f"grants:settlement_{name}", args=[award.number])


def test_the_association_explains_and_sees_the_answer(staff, award, client):
    user = member(award)
    settlement = opened(award, user)
    add_papers(settlement, user)
    client.force_login(user)
    page = client.get(at("detail", award)).content.decode()
    assert page.count('-explanation"') >= 3
    assert "平均服務人數不足 15 位的月份，請寫說明" in page
    data = {"outcome": "辦了 20 場", "people_served": "640", "edition": settlement.edition, "command": "submit"}
    for line, spent in zip(settlement.lines.select_related("line"), (60_000, 40_000), strict=True):
        data |= {f"line-{line.pk}-spent": str(spent), f"line-{line.pk}-vouchers": "3", f"line-{line.pk}-proof": ""}
        data |= {f"line-{line.pk}-proof": "receipt"} if line.line.item == "meals" else {}
    data |= {f"month-courses-2010-0{n}-average": value for n, value in ((3, "15"), (4, "15"), (5, "14.9"))}
    short = client.post(at("report", award), data)
    assert (short.status_code, 'href="#id_month-courses-2010-05-explanation"' in short.content.decode()) == (422, True)
    settlement.refresh_from_db()
    now = {"edition": settlement.edition, "month-courses-2010-05-explanation": WHY}
    client.post(at("report", award), data | now)
    settlement.refresh_from_db()
    assert (settlement.status, may(settlement).explanation) == ("submitted", WHY)
    reports.check_sums(staff.finance, settlement, admit(settlement, 60_000, 40_000))
    judged(staff, settlement, REFUSED, "請附停課公文")
    reports.ask_correction(staff.officer, settlement, "說明")
    page = client.get(at("detail", award)).content.decode()
    assert (f"單位說明：{WHY}" in page, "縣府審查：不同意，請附停課公文" in page) == (True, True)


def test_the_officer_answers_where_the_content_is_passed(staff, award, client):
    settlement = to_read(staff, award)
    key = may(settlement).pk
    client.force_login(staff.officer)
    page = client.get(at("detail", award)).content.decode()
    assert (page.count(f'name="verdict-{key}"'), WHY in page) == (2, True)
    for data in ({}, {f"verdict-{key}": "refused"}, {f"verdict-{key}": "perhaps"}):
        assert client.post(at("content", award), data).status_code == 422
    refused = client.post(
        at("content", award), {f"verdict-{key}": "refused", f"note-{key}": "請附停課公文"}, follow=True
    )
    settlement.refresh_from_db()
    assert (settlement.status, may(settlement).verdict) == ("sums_checked", REFUSED)
    page = refused.content.decode()
    assert "有說明沒有接受，請用「請協會補正」退回" in page
    assert "99年5月人數不足的說明：請附停課公文</textarea>" in page
    client.post(at("content", award), {f"verdict-{key}": "accepted", f"note-{key}": ""})
    settlement.refresh_from_db()
    assert (settlement.status, may(settlement).verdict) == ("content_checked", ACCEPTED)
    # The second of two clicks changes nothing.
    assert client.post(at("content", award), {f"verdict-{key}": "accepted"}).status_code == 302
