"""People of a 印領清冊: the sum is the voucher, the law stands beside each cell, nobody's pay is read by another body."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from grants.compliance.rosters import admissible, kept_findings, row_findings
from grants.models import RosterRow, Scheme, Settlement, Voucher
from grants.rules.rosters import PaidPerson, labelled, pay_of, shape_of
from grants.services.settlements import vouchers
from grants.services.settlements.rosters import RosterFindingsError, total_of
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.lib.access import Refused
from tests.factories.communities import OrganisationFactory
from tests.factories.money import approved, county, member
from tests.grants import settling

from .vouchers import DAY, an_entry

pytestmark = pytest.mark.django_db

AH_XIANG = PaidPerson("林阿香", "2010-05", Decimal(10), 95, Decimal(4), "A123456789")


@pytest.fixture
def staff():
    return county()


@pytest.fixture
def settlement(staff):
    return a_settlement(staff)


@pytest.fixture
def user(settlement):
    return member(settlement.award)


def a_settlement(staff, item="casual_pay", body=None):
    award = approved(staff=staff, organisation=body)
    award.lines.filter(position=1).update(item=item)
    award.application.lines.filter(position=1).update(item=item)
    return settling.opened(award, member(award))


def first(settlement):
    line = settlement.lines.select_related("line__line").get(line__position=1)
    line.settlement = settlement
    return line


def entry(settlement, *people, **fields):
    line = first(settlement)
    amount = total_of(line, people)
    return an_entry(settlement, amount, kind="roster", title="", people=tuple(people), **{"note": ""} | fields)


def kept(settlement, *people, **fields):
    return vouchers.add(member(settlement.award), settlement, entry(settlement, *people, **fields))


def said(settlement, *people, beyond=False, on=DAY):
    return [(one.place, one.cell, one.clause) for one in row_findings(first(settlement), people, on, beyond=beyond)]


class TestRows:
    @pytest.mark.parametrize(
        ("item", "count", "hours", "rate", "pay", "counted", "by_hour"),
        [
            ("casual_pay", "10", "4", 95, 3_800, "日數", True),
            ("casual_pay", "2.5", "3.5", 95, 831, "日數", True),
            ("elder_aide", "20", "4", 100, 8_000, "日數", True),
            ("hired_labour", "5", None, 800, 4_000, "日數", False),
            ("participant_transport", "12", None, 100, 1_200, "趟次", False),
            ("script_fee", "1500", None, 630, 945, "字數", False),
            ("meals", "2", None, 300, 600, "次數", False),
        ],
    )
    def test_a_row_is_reckoned(self, item, count, hours, rate, pay, counted, by_hour):
        row = PaidPerson("甲", "2010-05", Decimal(count), rate, Decimal(hours) if hours else None)
        assert (pay_of(item, row), shape_of(item).counted, shape_of(item).by_hour) == (pay, counted, by_hour)

    def test_two_people_of_one_name_are_told_apart(self):
        other = replace(AH_XIANG, national_id="S222222222")
        assert labelled([AH_XIANG, replace(AH_XIANG, month="2010-04")]) == ["林阿香"] * 2
        assert labelled([AH_XIANG, other]) == ["林阿香（789）", "林阿香（222）"]

    def test_the_sum_is_the_voucher_and_the_line(self, settlement, user):
        row = kept(settlement, AH_XIANG, replace(AH_XIANG, name="陳大明", national_id="S222222222", count=Decimal(3)))
        assert (row.amount, first(settlement).spent) == (3_800 + 1_140, 4_940)
        vouchers.change(user, row, entry(settlement, AH_XIANG))
        assert (Voucher.objects.get().amount, RosterRow.objects.get().pay) == (3_800, 3_800)
        vouchers.remove(user, row)
        assert not RosterRow.objects.exists()

    def test_another_sum_and_a_roster_without_people_are_refused(self, settlement, user):
        wrong = replace(entry(settlement, AH_XIANG), amount=9_999)
        for bad in (wrong, replace(wrong, people=()), replace(wrong, kind="receipt", title="own")):
            with pytest.raises(Refused):
                vouchers.add(user, settlement, bad)
        assert not Voucher.objects.exists()

    def test_the_trail_has_no_names_and_no_numbers(self, settlement, user):
        row = kept(settlement, AH_XIANG)
        vouchers.change(user, row, entry(settlement, replace(AH_XIANG, name="陳大明", national_id="S222222222")))
        written = str(list(AuditEntry.objects.values_list("before", "after")))
        assert "A123456789" not in written
        assert "陳大明" not in written
        assert "people" in AuditEntry.objects.get(action=vouchers.CHANGE).after["also"]


class TestOddRows:
    @pytest.mark.parametrize(
        ("item", "count", "rate"),
        [("casual_pay", "32", 95), ("script_fee", "1", 630), ("casual_pay", "31", 999_999_999_999)],
    )
    def test_what_cannot_be_is_refused_before_the_database_is_asked(self, staff, item, count, rate):
        settlement = a_settlement(staff, item)
        with pytest.raises(Refused, match="林阿香："):
            kept(settlement, replace(AH_XIANG, count=Decimal(count), rate=rate), note="照實付")
        assert not Voucher.objects.exists()

    def test_the_page_says_it_at_the_cell(self, settlement, user):
        answer = self.posted(settlement, user, self.row(0, count="３２日"))
        assert answer.status_code == 422
        assert answer.context["rows"].forms[0].errors == {"count": ["99年5月只有 31 天。"]}
        assert 'href="#id_row-0-count"' in answer.content.decode()

    def test_reckoning_asks_for_nothing_below_the_rows(self, settlement, user):
        answer = self.posted(settlement, user, self.row(0), command="count", issued_on="", purpose="掃地")
        assert (answer.status_code, answer.context["counted"]) == (200, 380)
        assert not answer.context["form"].errors
        assert 'value="掃地"' in answer.content.decode()
        assert self.posted(settlement, user, self.row(0), issued_on="").status_code == 422

    def test_no_row_beyond_the_most_is_dropped(self, settlement, user):
        rows = [self.row(place, count="1") for place in range(61)]
        answer = self.posted(settlement, user, *rows)
        assert answer.status_code == 422
        assert answer.context["rows"].problems == ["一份清冊最多 60 列，其他的人請另記一份。"]
        assert len(answer.context["rows"].forms) == 61
        assert 'value="more"' not in answer.content.decode()
        assert not Voucher.objects.exists()
        assert self.posted(settlement, user, *rows[:60]).status_code == 302
        assert Voucher.objects.get().amount == 60 * 380

    def test_a_month_that_had_not_begun_when_it_was_paid_asks_for_a_word(self, settlement):
        june = replace(AH_XIANG, month="2010-06")
        assert said(settlement, june, on=dt.date(2010, 5, 31)) == [(0, "month", "")]
        assert said(settlement, june, on=dt.date(2010, 6, 1)) == []
        with pytest.raises(RosterFindingsError, match="99年6月還沒有到"):
            kept(settlement, june)

    def test_rent_is_paid_in_advance(self, staff):
        rent = replace(AH_XIANG, month="2010-06", count=Decimal(1), rate=1_000)
        assert (0, "month", "") not in said(a_settlement(staff, "landlord_rent"), rent)

    def row(self, place, **cells):
        usual = {
            "name": "林阿香",
            "national_id": "A123456789",
            "month": "2010-05",
            "count": "1",
            "hours": "4",
            "rate": "95",
        }
        return {f"row-{place}-{name}": value for name, value in (usual | cells).items()}

    def posted(self, settlement, user, *rows, **fields):
        client = Client()
        client.force_login(user)
        data = {"issued_on": "99/5/31", "purpose": "打掃", "note": "照實付", "rows": len(rows)} | fields
        for row in rows:
            data |= row
        return client.post(
            reverse("grants:settlement_roster_add", args=[settlement.number, first(settlement).pk]), data
        )


class TestLaw:
    """Each finding with its clause and arithmetic beside its cell; a word lets it pass, and the rest is the body's own."""

    def test_a_rate_at_its_limit_and_above(self, settlement):
        assert said(settlement, AH_XIANG) == []
        assert said(settlement, replace(AH_XIANG, rate=96)) == [(0, "rate", "肆、一、4")]

    def test_hours_of_a_day_by_the_act_on_labour(self, settlement):
        assert said(settlement, replace(AH_XIANG, hours=Decimal(8))) == []
        assert said(settlement, replace(AH_XIANG, hours=Decimal("8.5"))) == [(0, "hours", "勞動基準法第30條第1項")]

    def test_hours_of_a_day_by_a_clause(self, staff):
        aide = a_settlement(staff, "elder_aide")
        row = replace(AH_XIANG, rate=100, hours=Decimal(5))
        (found,) = row_findings(first(aide), [row], DAY)
        assert ("4 小時" in found.message, found.most) == (True, 4_000)
        assert said(aide, replace(row, hours=Decimal(4))) == []

    def test_a_trip_and_a_day_of_skilled_work(self, staff):
        for item, most in (("participant_transport", 100), ("hired_labour", 800)):
            row = PaidPerson("甲", "2010-05", Decimal(3), most)
            paid = a_settlement(staff, item)
            assert said(paid, row) == []
            assert [cell for _place, cell, _clause in said(paid, replace(row, rate=most + 1))] == ["rate"]

    def test_it_is_refused_until_somebody_explains(self, settlement, user):
        dear = replace(AH_XIANG, rate=100)
        with pytest.raises(RosterFindingsError, match="臨時酬勞每小時最高 95 元"):
            kept(settlement, dear)
        row = kept(settlement, dear, note="夜間加給，差額自付")
        found = kept_findings(first(settlement), row.pk, beyond=True)
        assert admissible([4_000], found) == 3_800
        assert found[0].arithmetic

    def test_the_month_over_all_cases_of_the_body(self, settlement, user, staff):
        other = a_settlement(staff, body=settlement.award.application.organisation)
        full = replace(AH_XIANG, count=Decimal(20), hours=Decimal(8))
        kept(other, replace(full, national_id=""))
        wage, paid = 17_280, 15_200
        # The rate is above the hourly limit in any case; here it is about the month.
        most = replace(AH_XIANG, count=Decimal(1), hours=Decimal(1), rate=wage - paid)
        assert [one for one in said(settlement, most) if one[1] == "month"] == []
        over = replace(most, rate=wage - paid + 1)
        assert (0, "month", "肆、一、4") in said(settlement, over)
        assert [one for one in said(settlement, replace(over, month="2010-04")) if one[1] == "month"] == []

    def test_the_month_over_other_bodies(self, settlement, user):
        """The same number is the same person; a name alone is for the county to look at, and shown to nobody else."""
        theirs = a_settlement(county("miaoli"))
        kept(theirs, replace(AH_XIANG, count=Decimal(22), hours=Decimal(8)))
        mine = replace(AH_XIANG, count=Decimal(2), hours=Decimal(8))
        (found,) = row_findings(first(settlement), [mine], DAY)
        assert (found.cell, found.certain) == ("month", True)
        assert theirs.number not in found.message
        nameless = replace(mine, national_id="")
        assert said(settlement, nameless) == []
        (asked,) = row_findings(first(settlement), [nameless], DAY, beyond=True)
        assert (asked.certain, theirs.number in asked.message) == (False, True)
        assert said(settlement, replace(mine, national_id="S222222222"), beyond=True) == []


def test_a_law_without_a_monthly_limit_takes_rosters_too():
    """Miaoli's plan has no such clause; what is kept back is reckoned all the same."""
    settlement = a_settlement(county())
    Scheme.objects.update(ruleset="miaoli")
    assert kept(Settlement.objects.get(pk=settlement.pk), AH_XIANG).people.get().income == "50"


class TestPage:
    def post(self, settlement, user, *rows, **fields):
        client = Client()
        client.force_login(user)
        data = {
            "rows": str(max(len(rows), 3)),
            "issued_on": "99/5/3",
            "purpose": "關懷訪視",
            "command": "save",
        } | fields
        for place, row in enumerate(rows):
            data |= {f"row-{place}-{name}": value for name, value in row.items()}
        url = reverse("grants:settlement_roster_add", args=[settlement.number, first(settlement).pk])
        return client.post(url, data)

    ROW = {
        "name": "林阿香", "national_id": "a123456789", "month": "2010-05", "count": "10", "hours": "4", "rate": "95",
    }  # fmt: skip

    def test_blank_rows_are_no_rows(self, settlement, user):
        assert self.post(settlement, user, {}, self.ROW).status_code == 302
        assert Voucher.objects.get().payee == "林阿香"
        kept_row = RosterRow.objects.get()
        assert (kept_row.national_id, kept_row.pay, kept_row.income) == ("A123456789", 3_800, "50")
        assert (kept_row.tax, kept_row.premium, Voucher.objects.get().issued_on) == (0, 0, dt.date(2010, 5, 3))

    @pytest.mark.parametrize(
        ("fields", "place", "words"),
        [
            ({"national_id": "A123456788"}, "national_id", "檢查碼不符"),
            ({"national_id": ""}, "national_id", ""),
            ({"hours": "25"}, "hours", "一天只有 24 小時"),
            ({"count": "0"}, "count", "至少"),
            ({"rate": "九十五"}, "rate", ""),
            ({"month": ""}, "month", ""),
            ({"month": "2010-09"}, "month", ""),
        ],
    )
    def test_what_is_wrong_stands_at_its_cell(self, settlement, user, fields, place, words):
        answer = self.post(settlement, user, self.ROW | fields)
        (form, *_blank) = answer.context["rows"].forms
        assert (answer.status_code, list(form.errors)) == (422, [place])
        assert words in " ".join(form.errors[place])
        assert form["name"].value() == "林阿香"
        assert not Voucher.objects.exists()

    def test_a_finding_asks_for_a_word(self, settlement, user):
        answer = self.post(settlement, user, self.ROW | {"rate": "100"})
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == ["note"]
        assert "臨時酬勞每小時最高 95 元" in answer.content.decode()
        assert self.post(settlement, user, self.ROW | {"rate": "100"}, note="差額自付").status_code == 302

    def test_reckoning_and_more_rows_save_nothing(self, settlement, user):
        counted = self.post(settlement, user, self.ROW, command="count")
        assert (counted.status_code, counted.context["counted"]) == (200, 3_800)
        more = self.post(settlement, user, self.ROW | {"count": ""}, command="more")
        assert (more.status_code, len(more.context["rows"].forms)) == (200, 8)
        assert more.context["rows"].forms[0]["name"].value() == "林阿香"
        assert self.post(settlement, user).status_code == 422
        assert not Voucher.objects.exists()

    def test_no_number_is_asked_for_a_ride(self, staff):
        paid = a_settlement(staff, "participant_transport")
        row = {"name": "王奶奶", "month": "2010-05", "count": "3", "rate": "100", "national_id": "A123456789"}
        assert self.post(paid, member(paid.award), row).status_code == 302
        assert (RosterRow.objects.get().national_id, RosterRow.objects.get().income) == ("", "")

    def test_only_where_people_are_paid(self, staff):
        paper = a_settlement(staff, "stationery")
        answer = self.post(paper, member(paper.award), self.ROW)
        assert answer.status_code == 403
        assert "不是付給人的酬勞或交通費" in answer.content.decode()


class TestPayees:
    """By person and year, for the association and finance of its county alone; taking it out is noted."""

    def at(self, user, **posted):
        client = Client()
        client.force_login(user)
        url = reverse("grants:payees")
        return client.post(url, posted) if posted else client.get(url)

    def test_a_person_is_one_row_and_files_have_the_number_whole(self, settlement, user, staff):
        kept(settlement, AH_XIANG)
        kept(settlement, replace(AH_XIANG, month="2010-04", count=Decimal(2)), issued_on=dt.date(2010, 5, 4))
        rides = a_settlement(staff, "participant_transport", settlement.award.application.organisation)
        kept(rides, PaidPerson("王奶奶", "2010-05", Decimal(3), 100))
        elsewhere = a_settlement(county("miaoli"), body=OrganisationFactory(county="miaoli"))
        kept(elsewhere, replace(AH_XIANG, month="2010-03"))
        for reader in (user, staff.finance):
            page = self.at(reader).content.decode()
            assert "A1234****9" in page
            assert "A123456789" not in page
            assert "4,560" in page
            assert "本系統沒有這些年度的薪資扣繳起扣標準：99 年。" in page
            assert "王奶奶" not in page
            assert elsewhere.award.application.organisation.name not in page
            file = b"".join(self.at(reader, export="csv").streaming_content).decode()
            assert file.count("A123456789") == 1
            assert "50 薪資所得" in file
            assert AuditEntry.objects.filter(action="list.export", actor=reader).exists()
        for other in (staff.officer, staff.head):
            assert self.at(other).status_code == 403


class TestSending:
    """What waited on a device without a net."""

    KEY = "6f1c2d34-0000-4000-8000-000000000001"

    def send(self, settlement, user, name="林阿香", number="", **fields):
        row = {"name": name, "month": "2010-05", "count": "2", "hours": "4", "rate": "95", "national_id": number}
        paper = {"rows": "2", "issued_on": "99/5/20", "purpose": "關懷訪視", "key": self.KEY}
        client = Client()
        client.force_login(user)
        address = reverse("grants:settlement_roster_send", args=[settlement.number, first(settlement).pk])
        answer = client.post(address, paper | {f"row-0-{cell}": text for cell, text in row.items()} | fields)
        return answer.status_code, answer.json()

    def test_a_known_person_keeps_the_number_and_it_is_entered_once(self, settlement, user):
        kept(settlement, AH_XIANG)
        saved = {"saved": {"number": 2, "amount": "760"}}
        assert self.send(settlement, user) == self.send(settlement, user) == (200, saved)
        assert Voucher.objects.last().people.get().national_id == "A123456789"
        assert Voucher.objects.count() == 2

    def test_a_stranger_and_one_of_two_of_a_name_are_asked(self, settlement, user):
        kept(settlement, AH_XIANG, replace(AH_XIANG, national_id="S222222222"))
        for name in ("林阿香", "陳大明"):
            status, answer = self.send(settlement, user, name)
            assert (status, answer["message"].startswith(f"{name}　身分證字號：")) == (409, True)
        assert self.send(settlement, user, "陳大明", "F131104093")[0] == 200

    def test_what_the_law_asks_is_said(self, settlement, user):
        status, answer = self.send(settlement, user, number="A123456789", **{"row-0-rate": "100"})
        assert (status, "95 元" in answer["message"]) == (409, True)
        assert self.send(settlement, user, number="A123456789", **{"row-0-rate": "100", "note": "自付"})[0] == 200

    def test_the_page_that_a_device_keeps_has_no_numbers(self, settlement, user):
        kept(settlement, AH_XIANG)
        client = Client()
        client.force_login(user)
        address = reverse("grants:settlement_roster_add", args=[settlement.number, first(settlement).pk])
        page, blank = (client.get(address + query).content.decode() for query in ("", "?blank=9"))
        assert ("A123456789" in page, "A123456789" in blank, "林阿香" in blank) == (True, False, True)
        assert ("row-8-name" in blank, "row-9-name" in blank, "row-8-name" in page) == (True, False, False)
