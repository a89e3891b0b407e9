"""Entering a budget: multiplied for the applicant, spans and several people, lines that follow, undo, tables from outside."""

import datetime as dt
from io import BytesIO

import pytest
import tablib
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from grants.forms.applications import budget_import
from grants.models import Application, BudgetLine, Justification
from grants.queries.applications import completeness, costs
from grants.queries.applications.pages import quantity_words
from grants.rules import catalogue
from grants.rules.names import folded, people
from miaoli_kaohsiung.files import sheets
from miaoli_kaohsiung.lib import service_months

from .filing import add_line, ready_case

TODAY = dt.date(2010, 6, 1)
HALF_YEAR = ("2010-07", "2010-08", "2010-09", "2010-10", "2010-11", "2010-12")


@pytest.fixture
def client(member):
    made = Client()
    made.force_login(member)
    return made


def address(case, part=""):
    return f"/applications/{case.number}/budget/{part}"


def post(client, case, command="save", part="", **typed):
    edition = Application.objects.get(pk=case.pk).edition
    headers = {"Accept": "application/json"} if part == "check/" else {}
    return client.post(address(case, part), {"edition": edition, "command": command, **typed}, headers=headers)


class TestMonths:
    @pytest.mark.parametrize(
        ("typed", "months"),
        [
            ("99/7", ("2010-07",)),
            ("99年7月", ("2010-07",)),
            ("2010-07", ("2010-07",)),
            ("０９９.０７", ("2010-07",)),
            ("99年7月至12月", HALF_YEAR),
            ("99/7-99/12", HALF_YEAR),
            ("7~12月", HALF_YEAR),
            ("99.7-12", HALF_YEAR),
            ("99年7、8、10月", ("2010-07", "2010-08", "2010-10")),
            ("10-12", HALF_YEAR[3:]),
            ("", ()),
            ("99/11~100/2", ("2010-11", "2010-12", "2011-01", "2011-02")),
            ("11月至12月、11月", HALF_YEAR[4:]),
            ("99年7月起至12月止", HALF_YEAR),
            ("99 年 7 月 至 12 月", HALF_YEAR),
            ("99年度7至12月", HALF_YEAR),
            ("99年7月 8月 9月", HALF_YEAR[:3]),
            ("7 8 9", HALF_YEAR[:3]),
        ],
    )
    def test_spans_and_lists(self, typed, months):
        assert service_months.parse(typed, today=TODAY) == months
        assert service_months.parse(service_months.words(months), today=TODAY) == months

    @pytest.mark.parametrize("typed", ["九月", "99/13", "0月", "99/7-98/7", "99/1-105/12", "7至", "99/7/1"])
    def test_what_cannot_be_read_is_said(self, typed):
        with pytest.raises(service_months.Unreadable):
            service_months.parse(typed, today=TODAY)

    def test_the_year_is_the_projects_and_asked_where_it_has_two(self):
        year = (dt.date(2011, 3, 1), dt.date(2011, 12, 31))
        assert service_months.parse("7月", year, TODAY) == ("2011-07",)
        two = (dt.date(2010, 9, 1), dt.date(2011, 10, 31))
        assert service_months.parse("3月", two, TODAY) == ("2011-03",)
        with pytest.raises(service_months.Unreadable, match="哪一年"):
            service_months.parse("9月", two, TODAY)

    def test_in_words(self):
        assert service_months.words(HALF_YEAR) == "99年7月至12月"
        assert service_months.words(("2010-07", "2010-09", "2011-01")) == "99年7月、9月、100年1月"


def test_people_of_one_field():
    assert people("甲、乙，丙 ; 甲") == ("甲", "乙", "丙")
    assert people("拉娃‧谷倖 · 一") == ("拉娃‧谷倖 · 一",)
    assert people("") == ()
    assert (folded("臺　小明"), folded("Ａ b")) == ("台小明", "ab")


@pytest.mark.django_db
class TestMultiplied:
    def typed(self, line, **more):
        return {f"line-{line.pk}-{name}": value for name, value in more.items()}

    def test_an_empty_amount_is_multiplied_and_follows_until_another_is_typed(self, client, member, case):
        line = add_line(member, case, "meals")
        response = post(client, case, part="check/", **self.typed(line, quantity="20", unit_price="80", requested=""))
        fields = response.json()["fields"]
        assert (fields[f"line-{line.pk}-requested"], fields[f"line-{line.pk}-product"]) == (["1,600"], ["1600"])
        more = {"quantity": "30", "unit_price": "80", "requested": "1,600", "product": "1600"}
        post(client, case, part="check/", **self.typed(line, **more))
        line.refresh_from_db()
        assert line.requested == 2_400
        more = {"quantity": "30", "unit_price": "80", "requested": "2,000", "product": "2400"}
        post(client, case, part="check/", **self.typed(line, **more))
        post(client, case, part="check/", **self.typed(line, **(more | {"quantity": "40", "product": ""})))
        line.refresh_from_db()
        assert (line.requested, costs.uncovered(line)) == (2_000, 1_200)

    def test_what_nobody_bears_stands_in_the_way_and_one_press_makes_it_own_funds(self, client, member, case):
        line = add_line(member, case, "meals", unit_price=80, quantities={"quantity": 20}, requested=1_000)
        page = client.get(address(case)).content.decode()
        assert "差額 600 元列為自籌" in page
        assert "第 2 項的金額加起來和單價 × 數量不同。" in [gap.message for gap in completeness.gaps(case)]
        assert post(client, case, f"own:{line.pk}").status_code == 302
        line.refresh_from_db()
        assert (line.requested, line.own_funds, costs.uncovered(line)) == (1_000, 600, 0)
        assert completeness.gaps(case) == []

    def test_the_cap_puts_the_difference_to_own_funds_and_says_so(self, client, member, case):
        values = {"quantities": {"hours": 12, "in_house": False}, "unit_price": 2_000, "requested": 24_000}
        line = add_line(member, case, "lecturer_fee", **values)
        answer = client.post(
            address(case), {"edition": Application.objects.get().edition, "command": f"cap:{line.pk}"}, follow=True
        )
        line.refresh_from_db()
        assert (line.requested, line.own_funds, costs.cost_of(line)) == (19_200, 4_800, 24_000)
        assert "自籌現在是 4,800 元" in answer.content.decode()

    def test_a_blank_price_says_nothing(self, member, case):
        line = add_line(member, case, "meals", quantities={"quantity": 20}, requested=5)
        assert (costs.cost_of(line), costs.uncovered(line), completeness.gaps(case)) == (None, 0, [])

    def test_several_people_and_months_of_a_line(self, client, member, case):
        line = add_line(member, case, "elder_aide")
        more = {
            "person": "甲、乙、丙",
            "month": "99年7月至12月",
            "persons": "",
            "hours_per_day": "4",
            "days": "120",
            "unit_price": "100",
            "requested": "",
        }
        fields = post(client, case, part="check/", **self.typed(line, **more)).json()["fields"]
        line.refresh_from_db()
        assert (line.month.split(","), line.people, line.quantities["persons"]) == (
            list(HALF_YEAR),
            ["甲", "乙", "丙"],
            3,
        )
        assert (line.requested, fields[f"line-{line.pk}-persons"]) == (144_000, ["3"])
        assert quantity_words(line).endswith("99年7月至12月，甲、乙、丙")
        wrong = post(client, case, part="check/", **self.typed(line, person="甲、乙", persons="3"))
        assert "姓名有 2 位、人數是 3" in wrong.json()["errors"][f"line-{line.pk}-person"][0]


@pytest.mark.django_db
class TestFollowing:
    def test_the_admin_fee_follows_each_save(self, client, member, case):
        admin = add_line(member, case, "admin_overhead", requested=5)
        head = f"line-{admin.pk}"
        answer = post(client, case, part="check/", **{f"{head}-requested": "5", f"{head}-follows": "on"}).json()
        assert answer["fields"][f"{head}-requested"] == ["1,000"]
        printing = case.lines.first()
        more = {f"line-{printing.pk}-requested": "20,000", f"{head}-requested": "1,000", f"{head}-follows": "on"}
        answer = post(client, case, part="check/", **more).json()
        admin.refresh_from_db()
        assert (admin.requested, answer["fields"][f"{head}-requested"]) == (2_000, ["2,000"])
        assert Application.objects.get().requested_total == 22_000
        post(client, case, **{f"{head}-requested": "700"})
        admin.refresh_from_db()
        assert (admin.follows, admin.requested) == (False, 700)

    def test_only_shares_may_follow(self, client, member, case):
        page = client.get(address(case)).content.decode()
        assert "隨其他項目自動調整" not in page
        line = case.lines.get()
        post(client, case, **{f"line-{line.pk}-requested": "7", f"line-{line.pk}-follows": "on"})
        line.refresh_from_db()
        assert (line.follows, line.requested) == (False, 7)


@pytest.mark.django_db
class TestUndo:
    def test_a_removed_line_comes_back_as_it_was(self, client, member, case):
        line = add_line(
            member, case, "insurance", requested=500, month="2010-07", quantities={"insurance_kind": "other"}
        )
        post(client, case, **{f"reason:K4.2.1:{line.pk}": "火險"})
        before = BudgetLine.objects.filter(pk=line.pk).values().get()
        assert post(client, case, f"remove:{line.pk}").url.endswith("#removed")
        page = client.get(address(case)).content.decode()
        assert ("已刪除「保險費　500 元」" in page, f'value="restore:{line.pk}"' in page) == (True, True)
        assert Application.objects.get().requested_total == 10_000
        post(client, case, f"restore:{line.pk}")
        assert BudgetLine.objects.filter(pk=line.pk).values().get() == before
        assert Justification.objects.get(line=line.pk).text == "火險"
        assert (Application.objects.get().requested_total, Application.objects.get().removed_lines) == (10_500, [])

    def test_the_chance_ends_with_the_step_and_never_makes_two(self, client, member, case):
        line = add_line(member, case, "meals", requested=5)
        post(client, case, f"restore:{line.pk}")
        post(client, case, "restore:99999")
        assert case.lines.count() == 2
        post(client, case, f"remove:{line.pk}")
        post(client, case, "next")
        post(client, case, f"restore:{line.pk}")
        assert case.lines.count() == 1


@pytest.mark.django_db
class TestChoosing:
    def test_nothing_chosen_is_said_at_the_choice(self, client, case):
        answer = post(client, case, "add", item="")
        page = answer.content.decode()
        assert answer.status_code == 422
        assert 'autofocus aria-invalid="true" aria-describedby="item_error"' in page
        assert 'id="item_error"' in page

    def test_items_of_the_programme_come_first_with_their_unit(self, client, case):
        page = client.get(address(case)).content.decode()
        assert page.index("這個方案常用的項目") < page.index("講師鐘點費（小時）") < page.index("其他項目：")
        for code in catalogue.all_programmes():
            codes = [item.code for _title, items in catalogue.items_for(code) for item in items]
            assert sorted(codes) == sorted(catalogue.items())

    def test_insurance_without_its_kind_is_asked(self, client, member, case):
        line = add_line(member, case, "insurance", requested=500)
        page = client.get(address(case)).content.decode()
        margin = page[page.index(f'id="margin-{line.pk}"') :].split("</details>", 1)[0]
        assert ("請選「保險種類」。" in margin, "符合" in margin) == (True, False)
        assert "第 2 項還沒有選保險種類。" in [gap.message for gap in completeness.gaps(case)]

    def test_five_aides_are_told_at_their_line(self, client, member, case):
        values = {"quantities": {"persons": 5, "hours_per_day": 4, "days": 20}, "requested": 60_000}
        line = add_line(member, case, "elder_aide", **values)
        page = client.get(address(case)).content.decode()
        margin = page[page.index(f'id="margin-{line.pk}"') :].split('class="more"', 1)[0]
        assert "每一社區最多補助 4 位生活輔導員，超出 1 人" in margin
        assert ("符合" in margin, "改為上限" in margin) == (False, False)


TABLE = "項目\t用途說明\t單價\t數量\t時數\t內聘或外聘\t申請補助\n"


class TestTable:
    def test_rows_become_checked_lines(self):
        text = (
            TABLE
            + "膳雜費\t便當\t80\t20\t\t\t\n講師鐘點費\t講師\t1,600\t\t6\t外聘\t９，６００\n合計\t\t\t\t\t\t11,200\n\n"
        )
        rows = budget_import.read(budget_import.from_text(text))
        assert [(row.number, row.item.code, row.values["requested"], row.problems) for row in rows] == [
            (2, "meals", 1_600, []),
            (3, "lecturer_fee", 9_600, []),
        ]
        assert rows[1].values["quantities"] == {"hours": 6, "in_house": False}

    @pytest.mark.parametrize(
        ("row", "problem"),
        [
            ("便當\t\t80\t20", "「項目」沒有「便當」這一種。"),
            ("膳雜費\t\t八十\t20", "「單價」金額只能填阿拉伯數字"),
            ("輔導人員費\t\t100\t3", "有好幾種"),
            ("輔導人員費（生活輔導員）\t\t100\t3", "請分欄填：人數、每日時數、日數"),
            ("\t用途\t80\t20", "「項目」是空的。"),
        ],
    )
    def test_a_wrong_cell_says_row_and_column(self, row, problem):
        (found,) = budget_import.read(budget_import.from_text(TABLE + row))
        assert found.number == 2
        assert problem in "".join(found.problems)

    def test_without_a_heading_the_order_is_the_plain_one(self):
        (row,) = budget_import.read(budget_import.from_text("印刷費,講義,200,15"))
        assert (row.number, row.item.code, row.values["requested"]) == (1, "printing", 3_000)


@pytest.mark.django_db
class TestImport:
    def test_looked_at_and_then_taken_over(self, client, case):
        text = TABLE + "膳雜費\t便當\t80\t20\t\t\t\n"
        seen = post(client, case, "preview", "import/", table=text)
        assert (seen.status_code, case.lines.count(), "加入這 1 項" in seen.content.decode()) == (200, 1, True)
        assert post(client, case, "import", "import/", table=text).url == address(case)
        line = case.lines.last()
        assert (line.item, line.description, line.unit_price, line.requested) == ("meals", "便當", 80, 1_600)
        assert Application.objects.get().requested_total == 11_600

    def test_nothing_is_taken_while_a_row_is_wrong(self, client, case):
        answer = post(client, case, "import", "import/", table=TABLE + "膳雜費\t\t80\t20\n便當\t\t80\t20\n")
        page = answer.content.decode()
        assert (answer.status_code, case.lines.count()) == (422, 1)
        assert "第 3 列「項目」沒有「便當」這一種。" in page
        assert "便當\t\t80\t20" in page

    def test_an_old_page_and_too_many_lines_are_refused(self, client, case):
        text = TABLE + "膳雜費\t\t80\t20\n"
        old = client.post(address(case, "import/"), {"edition": 1, "command": "import", "table": text})
        many = post(client, case, "import", "import/", table=TABLE + "膳雜費\t\t80\t20\n" * 60)
        assert (old.status_code, many.status_code, case.lines.count()) == (422, 422, 1)
        assert "最多 60 項" in many.content.decode()

    @pytest.mark.parametrize("extension", ["ods", "xlsx"])
    def test_a_downloaded_table_comes_back_the_same(self, client, member, case, extension):
        values = {
            "quantities": {"persons": 2, "hours_per_day": "3.5", "days": 20},
            "unit_price": 100,
            "requested": 14_000,
        }
        add_line(member, case, "elder_aide", person="甲、乙", month="2010-07,2010-08", description="=1+1", **values)
        file = client.get(address(case, "lines.ods")).content
        if extension == "xlsx":  # as somebody saves it who works with Excel
            file = tablib.Databook().load(file, "ods").export("xlsx")
        upload = SimpleUploadedFile(f"budget.{extension}", file)
        rows = budget_import.read(sheets.rows_of(upload))
        assert [row.problems for row in rows] == [[], []]
        line = rows[1].line
        assert (line.item, line.person, line.month, line.quantities) == (
            "elder_aide",
            "甲、乙",
            "2010-07,2010-08",
            values["quantities"],
        )
        assert (line.requested, line.unit_price, line.description) == (14_000, 100, "'=1+1")
        answer = post(client, case, "preview", "import/", file=SimpleUploadedFile("b", file))
        assert answer.status_code == 200

    def test_the_template_has_the_columns_of_the_programme(self, client, case):
        book = tablib.Databook().load(client.get(address(case, "template.ods")).content, "ods")
        heads = book.sheets()[0].headers
        assert heads[:2] == ["項目", "用途說明"]
        assert {"時數", "內聘或外聘", "數量", "單價", "申請補助"} <= set(heads)
        assert client.get(address(case, "template.csv")).status_code == 404
        assert client.get(address(case, "template.xlsx")).status_code == 404
        assert client.get(address(case, "other.ods")).status_code == 404

    @pytest.mark.parametrize("data", [b"", b"PK\x03\x04rubbish", b"%PDF-1.7", BytesIO(b"\x00" * 4096).getvalue()])
    def test_what_is_no_spreadsheet_is_refused_with_a_sentence(self, client, case, data):
        answer = post(client, case, "preview", "import/", file=SimpleUploadedFile("x.ods", data or b" "))
        assert answer.status_code == 422
        assert "不是 XLSX 或 ODS 試算表" in answer.content.decode()

    def test_a_large_file_is_refused_before_it_is_read(self):
        with pytest.raises(sheets.UnreadableSheetError, match="2 MB"):
            sheets.rows_of(SimpleUploadedFile("x.ods", b" " * (sheets.MOST_BYTES + 1)))


@pytest.mark.django_db
class TestUsual:
    """Several of the items that the programme is usually made of, added at once."""

    def empty(self, organisation, member):
        case = ready_case(organisation, member)
        case.lines.all().delete()
        return case

    def test_ticked_items_become_lines_in_their_order(self, client, organisation, member):
        case = self.empty(organisation, member)
        page = client.get(address(case)).content.decode()
        assert page.count('name="usual"') == len(catalogue.usual_items(case.programme.code))
        answer = post(client, case, "usual", usual=["lecturer_fee", "printing"])
        assert answer.url == f"{address(case)}#budget-lines"
        assert list(case.lines.values_list("item", flat=True)) == ["lecturer_fee", "printing"]
        assert 'name="usual"' not in client.get(address(case)).content.decode()

    @pytest.mark.parametrize("ticked", [[], ["gold"], ["printing", "gold"], ["printing gold"]])
    def test_nothing_ticked_or_an_unknown_item_adds_nothing(self, client, organisation, member, ticked):
        case = self.empty(organisation, member)
        answer = post(client, case, "usual", usual=ticked)
        assert answer.status_code == 422
        assert case.lines.count() == 0

    def test_no_more_than_a_budget_holds(self, client, organisation, member):
        case = self.empty(organisation, member)
        assert post(client, case, "usual", usual=["printing"] * 61).status_code == 422
        assert case.lines.count() == 0
