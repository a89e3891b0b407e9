"""Years and days of the office calendar: proposed, confirmed by another person, and what ends on a new day off moves."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from grants.forms.calendar import published_table
from grants.models import CalendarDay, CalendarYear, Deadline, DueMove
from grants.queries.calendar import book, changes
from grants.services import daily
from grants.services.calendar import days, years
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.changes import services
from miaoli_kaohsiung.lib import clock, office_calendar
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.office_calendar import Day
from miaoli_kaohsiung.notices.models import Notice
from tests.factories import money
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory

pytestmark = pytest.mark.django_db

# 99年6月10日 is a Thursday.
THURSDAY, FRIDAY = dt.date(2010, 6, 10), dt.date(2010, 6, 11)
OFF = Day(works=False, name="補選投票日")
NEW_YEAR = dt.date(2028, 1, 1)


@pytest.fixture
def staff():
    return money.county()


@pytest.fixture
def admin():
    return person(Role.ADMINISTRATOR, "")


def whole_year(year=2028, **departures):
    """The rows of a published table: a row a day, weekends off."""
    rows = [list(published_table.COLUMNS)]
    day = dt.date(year, 1, 1)
    while day.year == year:
        off = "2" if day.weekday() >= 5 else "0"
        flag, name = departures.get(f"d{day:%m%d}", (off, ""))
        rows.append([f"{day:%Y%m%d}", "一二三四五六日"[day.weekday()], flag, name])
        day += dt.timedelta(days=1)
    return rows


def end_of(award, on):
    Deadline.objects.filter(award=award).update(due_on=on)
    return Deadline.objects.get(award=award)


class TestADay:
    def test_nothing_moves_before_another_person_confirms(self, staff):
        award = money.approved(staff=staff, settlement_due=THURSDAY)
        member = money.member(award)
        elsewhere = money.approved(
            staff=money.county("miaoli"), organisation=OrganisationFactory(county="miaoli"), settlement_due=THURSDAY
        )
        change = days.propose_day(staff.officer, "kaohsiung", THURSDAY, OFF, "府人字第1號")
        (plan,) = changes.moving(change)
        assert (plan.running.number, plan.due_before, plan.due_after) == (award.number, THURSDAY, FRIDAY)
        assert office_calendar.of("kaohsiung").is_workday(THURSDAY)
        services.confirm(staff.head, change)
        assert [office_calendar.of(county).is_workday(THURSDAY) for county in ("kaohsiung", "miaoli", "")] == [
            False, True, True,
        ]  # fmt: skip
        found = [Deadline.objects.get(award=one).due_on for one in (award, elsewhere)]
        assert found == [FRIDAY, THURSDAY]
        assert DueMove.objects.get().change == change
        assert AuditEntry.objects.filter(action="calendar.move", case=award.number).exists()
        assert "行事曆修正（99年6月10日（四）：放假（補選投票日））" in Notice.objects.get(recipient=member).body
        assert not AuditEntry.objects.exclude(case=award.number).filter(action="calendar.move").exists()

    def test_the_page_shows_both_sides(self, staff):
        change = days.propose_day(staff.officer, "kaohsiung", dt.date(2010, 6, 16), Day(True, ""), "x")
        assert [(row.label, row.before, row.after) for row in changes.rows(change)][1:] == [
            ("99年6月16日（三）", "放假　端午節", "上班")
        ]

    def test_a_day_off_that_becomes_a_workday_shortens_nothing(self, staff):
        award = money.approved(staff=staff, settlement_due=dt.date(2010, 6, 17))
        change = days.propose_day(staff.officer, "kaohsiung", dt.date(2010, 6, 16), Day(True, ""), "x")
        assert changes.moving(change) == []
        services.confirm(staff.head, change)
        assert Deadline.objects.get(award=award).due_on == dt.date(2010, 6, 17)
        assert office_calendar.of("kaohsiung").next_workday(dt.date(2010, 6, 16)) == dt.date(2010, 6, 16)

    def test_what_was_changed_meanwhile_is_proposed_anew(self, staff, admin):
        change = days.propose_day(staff.officer, "kaohsiung", THURSDAY, OFF, "x")
        services.confirm(
            person(Role.ADMINISTRATOR, ""), days.propose_day(admin, "", THURSDAY, Day(False, "彈性放假"), "x")
        )
        with pytest.raises(Refused, match="已經又改過"):
            services.confirm(staff.head, change)

    def test_what_holds_already_is_no_change_and_others_propose_nothing(self, staff):
        with pytest.raises(Refused, match="沒有要變更"):
            days.propose_day(staff.officer, "kaohsiung", THURSDAY, Day(True, ""), "x")
        for user, county in ((staff.officer, "miaoli"), (staff.finance, "kaohsiung"), (staff.officer, "")):
            with pytest.raises(Refused):
                days.propose_day(user, county, THURSDAY, OFF, "x")


class TestAYear:
    def test_a_year_of_all_counties_is_known_everywhere_once_it_is_confirmed(self, admin, staff):
        award = money.approved(staff=staff, settlement_due=THURSDAY)
        row = end_of(award, dt.date(2028, 2, 28))
        table, problems = published_table.read(whole_year(d0228=("2", "和平紀念日"), d0101=("2", "開國紀念日")), 2028)
        assert (len(table), problems) == (2, [])
        change = days.propose_year(admin, "", 2028, table, "總處116年6月公布")
        assert not office_calendar.of("miaoli").covers(2028)
        services.confirm(person(Role.ADMINISTRATOR, ""), change)
        assert [office_calendar.of(county).covers(2028) for county in ("kaohsiung", "miaoli", "")] == [True] * 3
        row.refresh_from_db()
        assert row.due_on == dt.date(2028, 2, 29)
        assert [entry.source for entry in CalendarYear.objects.all()] == ["總處116年6月公布"]

    def test_a_year_of_one_county_is_known_there_and_everywhere_only_when_all_have_it(self, staff):
        def enter(county, officer, head):
            services.confirm(head, days.propose_year(officer, county, 2028, {}, "x"))

        enter("kaohsiung", staff.officer, staff.head)
        assert [office_calendar.of(county).covers(2028) for county in ("kaohsiung", "miaoli", "")] == [
            True, False, False,
        ]  # fmt: skip
        other = money.county("miaoli")
        enter("miaoli", other.officer, other.head)
        assert office_calendar.of().covers(2028)

    def test_a_year_entered_anew_replaces_what_the_files_and_single_days_said(self, staff):
        dragon_boat = dt.date(2010, 6, 16)
        services.confirm(staff.head, days.propose_day(staff.officer, "kaohsiung", THURSDAY, OFF, "x"))
        services.confirm(staff.head, days.propose_year(staff.officer, "kaohsiung", 2010, {}, "修正版"))
        calendar = office_calendar.of("kaohsiung")
        assert [calendar.is_workday(day) for day in (THURSDAY, dragon_boat)] == [True, True]
        assert not office_calendar.of("miaoli").is_workday(dragon_boat)
        assert not CalendarDay.objects.exists()

    def test_what_is_entered_holds_in_other_transactions_after_the_commit(self, staff, run_on_commit):
        with run_on_commit():
            services.confirm(staff.head, days.propose_day(staff.officer, "kaohsiung", THURSDAY, OFF, "x"))
        assert not book.KEPT.get().of("kaohsiung").is_workday(THURSDAY)


class TestThePublishedTable:
    def test_it_is_read_with_or_without_separators_and_in_full_width(self):
        rows = whole_year(d0101=("2", "開國紀念日"))
        rows[1][0], rows[2][0], rows[4][2] = "2028/1/1", "2028-01-02", "０"
        assert published_table.read([["民國117年"], *rows], 2028) == ({NEW_YEAR: Day(False, "開國紀念日")}, [])

    @pytest.mark.parametrize(
        ("place", "value", "words"),
        [
            ((3, 0), "2028年", "第 4 列：看不懂日期「2028年」，要像 20280101。"),
            ((3, 0), "20270103", "第 4 列：116年1月3日不是 117年的日期。"),
            ((3, 0), "20280102", "第 4 列：117年1月2日重複了。"),
            ((3, 1), "五", "第 4 列：117年1月3日是星期一，不是「五」。"),
            ((3, 2), "休", "第 4 列：是否放假要填 0（上班）或 2（放假），不是「休」。"),
            ((0, 2), "放假", "找不到欄位名稱。第一列要有：西元日期、星期、是否放假。"),
        ],
    )
    def test_each_wrong_row_says_what_is_wrong(self, place, value, words):
        rows = whole_year()
        rows[place[0]][place[1]] = value
        assert words in published_table.read(rows, 2028)[1]

    def test_a_year_with_days_missing_is_not_taken(self):
        rows = whole_year()
        assert published_table.read([*rows[:60], *rows[62:]], 2028)[1] == [
            "少了 2 天，第一個是 117年2月29日。一整年每天都要有一列。"
        ]

    def test_the_page_keeps_what_was_typed_and_names_the_rows(self, client, staff):
        client.force_login(staff.officer)
        at = "/calendar/kaohsiung/2028/import/"
        rows = whole_year()
        rows[5][2] = "休"
        page = client.post(at, {"source": "總處公布", "file": csv_of(rows)})
        assert page.status_code == 422
        assert "第 6 列：是否放假要填" in page.content.decode()
        assert 'value="總處公布"' in page.content.decode()
        answer = client.post(at, {"source": "總處公布", "file": csv_of(whole_year(), "cp950")})
        assert answer.url.startswith("/changes/")
        assert "117年行事曆" in client.get(answer.url).content.decode()


def csv_of(rows, encoding="utf-8-sig"):
    text = "\r\n".join(",".join(row) for row in rows)
    return SimpleUploadedFile("117年辦公日曆表.csv", text.encode(encoding), content_type="text/csv")


class TestAYearWithoutData:
    def test_it_is_asked_for_sixty_days_ahead_and_the_notices_end_with_it(self, staff, admin, monkeypatch):
        monkeypatch.setattr(years, "slugs", lambda: ["kaohsiung"])
        asked = Notice.objects.filter(kind="calendar.missing", closed_at=None)
        for day, count in ((dt.date(2027, 11, 1), 0), (dt.date(2027, 11, 2), 2), (dt.date(2027, 11, 3), 2)):
            with clock.travel(day):
                daily.run(day)
            assert asked.count() == count
        assert {row.recipient for row in asked} == {staff.officer, admin}
        assert asked.first().url == "/calendar/kaohsiung/2028/import/"
        with clock.travel(dt.date(2027, 11, 3)):
            services.confirm(staff.head, days.propose_year(staff.officer, "kaohsiung", 2028, {}, "x"))
        assert not asked.all().exists()

    def test_the_page_says_so(self, client, staff):
        client.force_login(staff.officer)
        page = client.get("/calendar/kaohsiung/2028/").content.decode()
        assert "117年的行事曆還沒有登錄" in page
        assert "還沒有登錄" not in client.get("/calendar/kaohsiung/2027/").content.decode()
