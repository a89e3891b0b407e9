"""The page of the budget: its fields, the limits beside them, what is checked while somebody types."""

import re

import pytest

from grants.models import BudgetLine

from .filing import add_line
from .pages import budget_post, four_aides, fresh, signed_in, text_of

pytestmark = pytest.mark.django_db


class TestBudget:
    def test_questions_that_an_item_raises_are_asked_then(self, member, case):
        address = f"/applications/{case.number}/edit/project/"
        assert "q_works_contract" not in text_of(signed_in(member).get(address))
        add_line(member, case, "site_materials")
        assert "q_works_contract" in text_of(signed_in(member).get(address))

    def test_adding_shows_the_fields_of_the_item(self, member, case):
        client = signed_in(member)
        response = client.post(
            f"/applications/{case.number}/budget/", budget_post(case, command="add", item="child_carer")
        )
        line = BudgetLine.objects.get(item="child_carer")
        assert response.url.endswith(f"#line-{line.pk}")
        page = text_of(client.get(f"/applications/{case.number}/budget/"))
        for name in ("child-0-age", "child-3-own", "hours_per_day", "days_per_week", "days"):
            assert f'name="line-{line.pk}-{name}"' in page

    def test_children_are_rows(self, member, case):
        line = add_line(member, case, "child_carer")
        head = f"line-{line.pk}-child"
        more = {f"{head}-{n}-age": "" for n in range(4)}
        more |= {f"{head}-0-age": "3", f"{head}-0-special_needs": "on", f"{head}-2-age": "５"}
        signed_in(member).post(f"/applications/{case.number}/budget/", budget_post(case, **more))
        line.refresh_from_db()
        assert line.quantities["children"] == [
            {"age": 3, "special_needs": True, "own": False},
            {"age": 5, "special_needs": False, "own": False},
        ]

    def test_the_margin_offers_the_cap_and_the_button_takes_it(self, member, case):
        line = add_line(member, case, "lecturer_fee", requested=10_200, quantities={"hours": 6, "in_house": False})
        client, address = signed_in(member), f"/applications/{case.number}/budget/"
        page = text_of(client.get(address))
        assert "必須修正" in page
        assert "改為上限 9,600 元" in page
        assert client.post(address, budget_post(case, command=f"cap:{line.pk}")).status_code == 302
        line.refresh_from_db()
        assert line.requested == 9_600
        assert "改為上限" not in text_of(client.get(address))

    @pytest.mark.parametrize(
        ("typed", "message"), [("一千", "阿拉伯數字"), ("-5", "不可以是負數"), ("1e9", "阿拉伯數字"), ("1.5", "小數點")]
    )
    def test_a_bad_amount_gets_a_sentence_and_other_lines_are_kept(self, member, case, typed, message):
        first, second = case.lines.get(), add_line(member, case, "stationery", requested=500)
        more = {f"line-{first.pk}-requested": typed, f"line-{second.pk}-requested": "６００"}
        response = signed_in(member).post(f"/applications/{case.number}/budget/", budget_post(case, **more))
        page = text_of(response)
        assert response.status_code == 422
        assert message in page
        assert f'value="{typed}"' in page
        second.refresh_from_db()
        first.refresh_from_db()
        assert (first.requested, second.requested, fresh(case).requested_total) == (10_000, 600, 10_600)

    @pytest.mark.parametrize("command", ["remove", "copy", "cap"])
    @pytest.mark.parametrize("key", ["9" * 5000, "9" * 30, "-1", "１", ""])
    def test_a_command_on_no_line_changes_nothing(self, member, case, command, key):
        before = list(case.lines.values())
        posted = signed_in(member).post(
            f"/applications/{case.number}/budget/", budget_post(case, command=f"{command}:{key}")
        )
        assert (posted.status_code, list(case.lines.values())) == (302, before)

    def test_a_line_that_cannot_be_read_can_still_be_removed(self, member, case):
        line = case.lines.get()
        more = {f"line-{line.pk}-requested": "一千", "command": f"remove:{line.pk}"}
        assert (
            signed_in(member).post(f"/applications/{case.number}/budget/", budget_post(case, **more)).status_code == 302
        )
        assert case.lines.count() == 0

    def test_a_reason_is_kept_beside_its_line(self, member, case):
        line = add_line(member, case, "insurance", requested=500, quantities={"insurance_kind": "other"})
        client, address = signed_in(member), f"/applications/{case.number}/budget/"
        assert f'name="reason:K4.2.1:{line.pk}"' in text_of(client.get(address))
        client.post(address, budget_post(case, **{f"reason:K4.2.1:{line.pk}": "火險"}))
        assert case.justifications.get().text == "火險"
        assert 'value="火險"' in text_of(client.get(address))

    def test_two_limits_of_a_line_offer_one_cap_that_passes_both(self, member, case):
        quantities = {"persons": 1, "hours_per_day": "5", "days": 20}
        add_line(member, case, "elder_aide", requested=60_000, quantities=quantities)
        page = text_of(signed_in(member).get(f"/applications/{case.number}/budget/"))
        assert re.findall(r"改為上限 ([\d,]+) 元", page) == ["8,000"]
        assert "10,000 元，超出 50,000 元" in page

    def test_the_page_counts_what_is_mended_in_the_budget(self, member, case):
        case.documents.all().delete()
        page = text_of(signed_in(member).get(f"/applications/{case.number}/budget/"))
        assert "預算符合規定，可以往下" in page

    def test_an_item_names_its_clause_as_the_law_page_does(self, member, case):
        add_line(member, case, "lecturer_fee", requested=1600, quantities={"hours": 1, "in_house": False})
        page = text_of(signed_in(member).get(f"/applications/{case.number}/budget/"))
        assert ">肆、一、2</a>" in page
        assert ">K4.1.2</a>" not in page

    def test_a_reason_about_the_whole_budget_is_written_in_the_form_and_kept(self, member, case):
        name, client = four_aides(member, case), signed_in(member)
        address = f"/applications/{case.number}/budget/"
        page = text_of(client.get(address))
        assert page.index('id="budget-form"') < page.index(f'name="{name}"') < page.index("</form>", page.index(name))
        client.post(address, budget_post(case, **{name: "四位輪班"}))
        assert set(case.justifications.values_list("text", "line")) == {("四位輪班", None)}

    def test_the_sixty_first_line_is_refused(self, member, case):
        BudgetLine.objects.bulk_create(BudgetLine(application=case, position=n, item="printing") for n in range(2, 61))
        data = {"edition": fresh(case).edition, "command": "add", "item": "printing"}
        response = signed_in(member).post(f"/applications/{case.number}/budget/", data)
        assert response.status_code == 422
        assert "最多 60 項" in text_of(response)


class TestLiveCheck:
    def check(self, member, case, **more):
        return signed_in(member).post(f"/applications/{case.number}/budget/check/", budget_post(case, **more))

    def test_only_what_changed_comes_back(self, member, case):
        line = add_line(member, case, "lecturer_fee", requested=9_600, quantities={"hours": 6, "in_house": False})
        answer = self.check(member, case, **{f"line-{line.pk}-requested": "10,200"}).json()
        assert set(answer["parts"]) == {f"margin-{line.pk}", "budget-totals", "budget-summary"}
        assert "超出 600 元" in answer["parts"][f"margin-{line.pk}"]
        line.refresh_from_db()
        assert line.requested == 10_200

    def test_what_is_said_of_the_whole_budget_comes_back_too(self, member, case):
        name = four_aides(member, case)
        line = case.lines.last()
        answer = self.check(member, case, **{f"line-{line.pk}-persons": "3"}).json()
        assert name not in answer["parts"]["budget-notes"]
        answer = self.check(member, case, **{f"line-{line.pk}-persons": "4"}).json()
        assert f'name="{name}"' in answer["parts"]["budget-notes"]

    def test_nothing_changed_is_an_empty_answer(self, member, case):
        answer = self.check(member, case).json()
        assert (answer["parts"], answer["edition"]) == ({}, case.edition)

    def test_what_cannot_be_read_is_said_at_the_line_and_the_rest_is_checked(self, member, case):
        line = case.lines.get()
        answer = self.check(member, case, **{f"line-{line.pk}-requested": "一千", f"line-{line.pk}-own_funds": "5"})
        assert answer.status_code == 422
        assert list(answer.json()["errors"]) == [f"line-{line.pk}-requested"]
        assert "阿拉伯數字" in answer.json()["errors"][f"line-{line.pk}-requested"][0]
        line.refresh_from_db()
        assert (line.requested, line.own_funds) == (10_000, 5)

    def test_mended_it_clears_the_sentence(self, member, case):
        answer = self.check(member, case)
        assert (answer.status_code, answer.json()["errors"]) == (200, {})

    def test_stale_is_a_conflict(self, member, case):
        pk = case.lines.get().pk
        answer = self.check(member, case, edition="1", **{f"line-{pk}-requested": "1"})
        assert (answer.status_code, "現在存的" in answer.json()["conflicts"]) == (409, True)

    def test_a_page_whose_answer_was_lost_goes_on_and_gets_every_part(self, member, case):
        line, client = case.lines.get(), signed_in(member)
        address = f"/applications/{case.number}/budget/check/"
        data = budget_post(case, page="mine", **{f"line-{line.pk}-requested": "9000"})
        assert client.post(address, data).status_code == 200
        again = client.post(address, data)
        assert (again.status_code, again.json()["edition"]) == (200, fresh(case).edition)
        assert set(again.json()["parts"]) == {f"margin-{line.pk}", "budget-notes", "budget-totals", "budget-summary"}
        other = data | {f"line-{line.pk}-requested": "8500"}
        assert client.post(address, other | {"page": "another"}).status_code == 409
        assert client.post(address, other | {"page": ""}).status_code == 409

    def test_a_save_by_somebody_else_meanwhile_is_still_a_conflict(self, member, case):
        line, client = case.lines.get(), signed_in(member)
        address = f"/applications/{case.number}/budget/check/"
        data = budget_post(case, page="mine", **{f"line-{line.pk}-requested": "9000"})
        assert client.post(address, data).status_code == 200
        self.check(member, case, page="theirs", **{f"line-{line.pk}-requested": "8000"})
        assert client.post(address, data).status_code == 409

    def test_get_leads_to_the_page(self, member, case):
        address = f"/applications/{case.number}/budget/"
        assert signed_in(member).get(f"{address}check/").url == address
