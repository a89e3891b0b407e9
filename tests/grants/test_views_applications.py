"""The pages of filing: who sees them, what they save, what bad input meets, how many queries they run."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from grants.enums import ApplicationStatus as S
from grants.models import Application, BudgetLine
from grants.services import filing
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, chair_of, member_of
from tests.factories.grants import ApplicationFactory, ProgrammeFactory

from .filing import add_line, ready_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation():
    return OrganisationFactory()


@pytest.fixture
def staff(organisation):
    return member_of(organisation)


@pytest.fixture
def chair(organisation):
    return chair_of(organisation)


@pytest.fixture
def case(organisation, staff):
    return ready_case(organisation, staff)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(response) -> str:
    return response.content.decode()


def fresh(case) -> Application:
    return Application.objects.get(pk=case.pk)


def budget_post(case, **more):
    """What the browser posts of the budget page as it stands."""
    told = {"edition": fresh(case).edition, "command": "save"}
    for line in case.lines.all():
        for name in ("description", "unit_price", "requested", "own_funds", "other_funds", "person", "month"):
            value = getattr(line, name)
            told[f"line-{line.pk}-{name}"] = "" if value is None else str(value)
        for name, value in line.quantities.items():
            told[f"line-{line.pk}-{name}"] = str(value).lower() if isinstance(value, bool) else str(value)
    return told | more


def four_aides(staff, case) -> str:
    """A line that lies between the readings of A1; answers the name of its reason."""
    case.answers = {**case.answers, "elders": 40}
    case.save()
    add_line(staff, case, "elder_aide", requested=400, quantities={"persons": 4, "hours_per_day": "1", "days": 1})
    return "reason:K3.I.2.1.4b+K4.1.3.2b:"


class TestWhoSees:
    PAGES = ("", "paper.pdf")
    STEPS = ("edit/", "edit/organisation/", "edit/project/", "budget/", "edit/documents/", "edit/review/")

    def test_own_people_see_every_page_of_the_draft(self, staff, case):
        client = signed_in(staff)
        assert client.get(f"/applications/{case.number}/").status_code == 200
        for step in self.STEPS[1:]:
            assert client.get(f"/applications/{case.number}/{step}").status_code == 200, step

    def test_another_organisation_finds_nothing(self, case):
        client = signed_in(member_of(OrganisationFactory()))
        for page in (*self.PAGES, *self.STEPS):
            assert client.get(f"/applications/{case.number}/{page}").status_code == 404, page

    def test_the_county_sees_no_draft_and_then_the_filed_case(self, chair, case):
        client = signed_in(person(Role.CASE_OFFICER))
        assert client.get(f"/applications/{case.number}/").status_code == 404
        file(chair, case)
        assert client.get(f"/applications/{case.number}/").status_code == 200

    def test_the_other_county_finds_nothing(self, chair, case):
        file(chair, case)
        assert signed_in(person(Role.CASE_OFFICER, "miaoli")).get(f"/applications/{case.number}/").status_code == 404

    def test_steps_lead_to_the_case_with_the_reason_once_filed(self, chair, staff, case):
        file(chair, case)
        client, address = signed_in(staff), f"/applications/{case.number}/budget/"
        response = client.get(address, follow=True)
        assert response.redirect_chain == [(f"/applications/{case.number}/", 302)]
        assert "目前是「已送件」，不能修改內容" in text_of(response)
        refused = client.post(address, {})
        assert (refused.status_code, "目前是「已送件」，不能修改內容" in text_of(refused)) == (403, True)

    def test_steps_are_for_members(self, chair, case):
        file(chair, case)
        assert signed_in(person(Role.CASE_OFFICER)).get(f"/applications/{case.number}/budget/").status_code == 403

    def test_a_reviewer_sees_only_the_name_before_declaring(self, chair, case):
        from grants.models import ReviewAssignment
        from miaoli_kaohsiung.lib import clock

        file(chair, case)
        reviewer, today = person(Role.REVIEWER), clock.today()
        client = signed_in(reviewer)
        assert client.get(f"/applications/{case.number}/").status_code == 404
        assignment = ReviewAssignment.objects.create(
            application=case, reviewer=reviewer, assigned_by=chair, assigned_on=today, due_on=today
        )
        page = text_of(client.get(f"/applications/{case.number}/"))
        assert case.organisation.name in page
        assert case.title not in page
        listed = client.get("/applications/")
        (row,) = listed.context["page"].rows
        assert {name: value for name, value in row.items() if value is not None} == {
            "number": case.number, "organisation__name": "旗山鎮", "undeclared": True,
        }  # fmt: skip
        assert f'href="/applications/{case.number}/review/">聲明利害關係</a>' in text_of(listed)
        for sought in (f"q={case.title}", f"programme={case.programme_id}", f"status={S.SUBMITTED}"):
            assert client.get(f"/applications/?{sought}").context["page"].rows == []
        assert client.get(f"/applications/{case.number}/paper.pdf").status_code == 403
        document = case.documents.first()
        assert client.get(f"/applications/{case.number}/documents/{document.pk}/").status_code == 403
        assignment.interest = ReviewAssignment.Interest.NONE
        assignment.save()
        assert case.title in text_of(client.get(f"/applications/{case.number}/"))
        (row,) = client.get(f"/applications/?q={case.title}").context["page"].rows
        assert (row["title"], row["requested_total"]) == (case.title, case.requested_total)
        assert case.requested_total > 0

    def test_signed_out_people_are_led_to_the_sign_in_and_back(self, staff, case):
        page = f"/applications/{case.number}/budget/"
        assert Client().get(page).url == f"/accounts/login/?next={page}"
        # What was typed in a session that has ended waits behind the sign-in page.
        client = signed_in(staff)
        client.get(page)
        Session.objects.all().delete()
        assert client.post(page, {}).url == "/accounts/login/?next=/accounts/rescued/"


class TestStart:
    def test_a_new_draft_leads_to_its_first_step(self, organisation, staff):
        told = {"organisation": organisation.pk, "programme": ProgrammeFactory().pk}
        client = signed_in(staff)
        response = client.post("/applications/new/", told)
        assert response.url == "/applications/88-099-0001/edit/"
        assert client.get(response.url).url == "/applications/88-099-0001/edit/organisation/"

    def test_a_draft_is_offered_first(self, staff, case):
        page = text_of(signed_in(staff).get("/applications/new/"))
        assert "接續填寫" in page
        assert f"/applications/{case.number}/edit/" in page

    def test_posting_again_leads_to_the_same_draft(self, organisation, staff, case):
        told = {"organisation": organisation.pk, "programme": case.programme.pk}
        response = signed_in(staff).post("/applications/new/", told)
        assert response.url == f"/applications/{case.number}/edit/"
        assert Application.objects.count() == 1

    def test_another_organisation_cannot_be_named(self, staff):
        told = {"organisation": OrganisationFactory().pk, "programme": ProgrammeFactory().pk}
        assert signed_in(staff).post("/applications/new/", told).status_code == 404

    @pytest.mark.parametrize("wrong", ["", "x", "-1", "99999999999999999999", "１"])
    def test_rubbish_finds_nothing(self, staff, wrong):
        told = {"organisation": wrong, "programme": wrong}
        assert signed_in(staff).post("/applications/new/", told).status_code == 404


class TestProject:
    def save(self, staff, case, **told):
        told = {"edition": fresh(case).edition, **told}
        return signed_in(staff).post(f"/applications/{case.number}/edit/project/", told)

    def test_saves_roc_dates_and_answers(self, staff, case):
        told = {"title": "新計畫", "starts_on": "９９／７／１", "ends_on": "0991231", "q_course": "true"}
        response = self.save(staff, case, **told, q_groups=["growth", "history"])
        assert response.status_code == 302
        saved = fresh(case)
        assert (saved.title, str(saved.starts_on), str(saved.ends_on)) == ("新計畫", "2010-07-01", "2010-12-31")
        assert (saved.answers["course"], saved.answers["groups"]) == (True, ["growth", "history"])

    @pytest.mark.parametrize(
        ("typed", "told"),
        [
            ("99/2/31", "只有1日到28日"),
            ("0/1/1", "沒有民國0年"),
            ("昨天", "看不懂這個日期"),
        ],
    )
    def test_a_bad_date_gets_a_sentence_and_the_rest_is_saved(self, staff, case, typed, told):
        response = self.save(staff, case, title="留下來", starts_on=typed)
        page = text_of(response)
        assert response.status_code == 422
        assert told in page
        assert f'value="{typed}"' in page
        assert fresh(case).title == "留下來"

    def test_an_end_before_the_beginning(self, staff, case):
        page = text_of(self.save(staff, case, starts_on="99/7/2", ends_on="99/7/1"))
        assert "結束日期不可以早於開始日期" in page

    def test_a_stale_page_keeps_what_was_typed(self, staff, case):
        response = signed_in(staff).post(
            f"/applications/{case.number}/edit/project/", {"edition": 1, "title": "我打的字"}
        )
        page = text_of(response)
        assert response.status_code == 409
        assert "我打的字" in page
        assert f'name="edition" value="{fresh(case).edition}"' in page
        assert fresh(case).title != "我打的字"

    def test_autosave_answers_in_json(self, staff, case):
        client = signed_in(staff)
        address, accept = f"/applications/{case.number}/edit/project/", {"Accept": "application/json"}
        told = client.post(address, {"edition": case.edition, "title": "自動"}, headers=accept)
        assert (told.status_code, told.json()["edition"]) == (200, case.edition + 1)
        wrong = client.post(address, {"edition": case.edition + 1, "starts_on": "x"}, headers=accept)
        assert (wrong.status_code, list(wrong.json()["errors"])) == (422, ["starts_on"])

    def test_a_step_whose_answer_was_lost_goes_on(self, staff, case):
        client = signed_in(staff)
        address, accept = f"/applications/{case.number}/edit/project/", {"Accept": "application/json"}
        told = {"edition": case.edition, "page": "mine", "title": "山路上"}
        assert client.post(address, told, headers=accept).status_code == 200
        assert client.post(address, told | {"title": "山路上，再存"}, headers=accept).status_code == 200
        assert fresh(case).title == "山路上，再存"

    def test_what_did_not_arrive_is_not_taken_for_a_blank(self, staff, case):
        self.save(staff, case, place="活動中心")
        assert (fresh(case).title, fresh(case).place) == (case.title, "活動中心")

    def test_undeclared_fields_change_nothing(self, staff, case):
        self.save(staff, case, title="x", status="approved", requested_total="1", number="88-099-9999", county="miaoli")
        saved = fresh(case)
        assert (saved.status, saved.requested_total, saved.county) == (S.DRAFT, 10_000, "kaohsiung")


class TestBudget:
    def test_questions_that_an_item_raises_are_asked_then(self, staff, case):
        address = f"/applications/{case.number}/edit/project/"
        assert "q_works_contract" not in text_of(signed_in(staff).get(address))
        add_line(staff, case, "site_materials")
        assert "q_works_contract" in text_of(signed_in(staff).get(address))

    def test_adding_shows_the_fields_of_the_item(self, staff, case):
        client = signed_in(staff)
        response = client.post(
            f"/applications/{case.number}/budget/", budget_post(case, command="add", item="child_carer")
        )
        line = BudgetLine.objects.get(item="child_carer")
        assert response.url.endswith(f"#line-{line.pk}")
        page = text_of(client.get(f"/applications/{case.number}/budget/"))
        for name in ("child-0-age", "child-3-own", "hours_per_day", "days_per_week", "days"):
            assert f'name="line-{line.pk}-{name}"' in page

    def test_children_are_rows(self, staff, case):
        line = add_line(staff, case, "child_carer")
        head = f"line-{line.pk}-child"
        more = {f"{head}-{n}-age": "" for n in range(4)}
        more |= {f"{head}-0-age": "3", f"{head}-0-special_needs": "on", f"{head}-2-age": "５"}
        signed_in(staff).post(f"/applications/{case.number}/budget/", budget_post(case, **more))
        line.refresh_from_db()
        assert line.quantities["children"] == [
            {"age": 3, "special_needs": True, "own": False},
            {"age": 5, "special_needs": False, "own": False},
        ]

    def test_the_margin_offers_the_cap_and_the_button_takes_it(self, staff, case):
        line = add_line(staff, case, "lecturer_fee", requested=10_200, quantities={"hours": 6, "in_house": False})
        client, address = signed_in(staff), f"/applications/{case.number}/budget/"
        page = text_of(client.get(address))
        assert "必須修正" in page
        assert "改為上限 9,600 元" in page
        assert client.post(address, budget_post(case, command=f"cap:{line.pk}")).status_code == 302
        line.refresh_from_db()
        assert line.requested == 9_600
        assert "改為上限" not in text_of(client.get(address))

    @pytest.mark.parametrize(
        ("typed", "told"), [("一千", "阿拉伯數字"), ("-5", "不可以是負數"), ("1e9", "阿拉伯數字"), ("1.5", "小數點")]
    )
    def test_a_bad_amount_gets_a_sentence_and_other_lines_are_kept(self, staff, case, typed, told):
        first, second = case.lines.get(), add_line(staff, case, "stationery", requested=500)
        more = {f"line-{first.pk}-requested": typed, f"line-{second.pk}-requested": "６００"}
        response = signed_in(staff).post(f"/applications/{case.number}/budget/", budget_post(case, **more))
        page = text_of(response)
        assert response.status_code == 422
        assert told in page
        assert f'value="{typed}"' in page
        second.refresh_from_db()
        first.refresh_from_db()
        assert (first.requested, second.requested, fresh(case).requested_total) == (10_000, 600, 10_600)

    @pytest.mark.parametrize("command", ["remove", "copy", "cap"])
    @pytest.mark.parametrize("key", ["9" * 5000, "9" * 30, "-1", "１", ""])
    def test_a_command_on_no_line_changes_nothing(self, staff, case, command, key):
        before = list(case.lines.values())
        posted = signed_in(staff).post(
            f"/applications/{case.number}/budget/", budget_post(case, command=f"{command}:{key}")
        )
        assert (posted.status_code, list(case.lines.values())) == (302, before)

    def test_a_line_that_cannot_be_read_can_still_be_removed(self, staff, case):
        line = case.lines.get()
        more = {f"line-{line.pk}-requested": "一千", "command": f"remove:{line.pk}"}
        assert (
            signed_in(staff).post(f"/applications/{case.number}/budget/", budget_post(case, **more)).status_code == 302
        )
        assert case.lines.count() == 0

    def test_a_reason_is_kept_beside_its_line(self, staff, case):
        line = add_line(staff, case, "insurance", requested=500, quantities={"insurance_kind": "other"})
        client, address = signed_in(staff), f"/applications/{case.number}/budget/"
        assert f'name="reason:K4.2.1:{line.pk}"' in text_of(client.get(address))
        client.post(address, budget_post(case, **{f"reason:K4.2.1:{line.pk}": "火險"}))
        assert case.justifications.get().text == "火險"
        assert 'value="火險"' in text_of(client.get(address))

    def test_two_limits_of_a_line_offer_one_cap_that_passes_both(self, staff, case):
        told = {"persons": 1, "hours_per_day": "5", "days": 20}
        add_line(staff, case, "elder_aide", requested=60_000, quantities=told)
        page = text_of(signed_in(staff).get(f"/applications/{case.number}/budget/"))
        assert re.findall(r"改為上限 ([\d,]+) 元", page) == ["8,000"]
        assert "10,000 元，超出 50,000 元" in page

    def test_the_page_counts_what_is_mended_in_the_budget(self, staff, case):
        case.documents.all().delete()
        page = text_of(signed_in(staff).get(f"/applications/{case.number}/budget/"))
        assert "預算符合規定，可以往下" in page

    def test_an_item_names_its_clause_as_the_law_page_does(self, staff, case):
        add_line(staff, case, "lecturer_fee", requested=1600, quantities={"hours": 1, "in_house": False})
        page = text_of(signed_in(staff).get(f"/applications/{case.number}/budget/"))
        assert ">肆、一、2</a>" in page
        assert ">K4.1.2</a>" not in page

    def test_a_reason_about_the_whole_budget_is_written_in_the_form_and_kept(self, staff, case):
        name, client = four_aides(staff, case), signed_in(staff)
        address = f"/applications/{case.number}/budget/"
        page = text_of(client.get(address))
        assert page.index('id="budget-form"') < page.index(f'name="{name}"') < page.index("</form>", page.index(name))
        client.post(address, budget_post(case, **{name: "四位輪班"}))
        assert set(case.justifications.values_list("text", "line")) == {("四位輪班", None)}

    def test_the_sixty_first_line_is_refused(self, staff, case):
        BudgetLine.objects.bulk_create(BudgetLine(application=case, position=n, item="printing") for n in range(2, 61))
        told = {"edition": fresh(case).edition, "command": "add", "item": "printing"}
        response = signed_in(staff).post(f"/applications/{case.number}/budget/", told)
        assert response.status_code == 422
        assert "最多 60 項" in text_of(response)


class TestLiveCheck:
    def check(self, staff, case, **more):
        return signed_in(staff).post(f"/applications/{case.number}/budget/check/", budget_post(case, **more))

    def test_only_what_changed_comes_back(self, staff, case):
        line = add_line(staff, case, "lecturer_fee", requested=9_600, quantities={"hours": 6, "in_house": False})
        told = self.check(staff, case, **{f"line-{line.pk}-requested": "10,200"}).json()
        assert set(told["parts"]) == {f"margin-{line.pk}", "budget-totals", "budget-summary"}
        assert "超出 600 元" in told["parts"][f"margin-{line.pk}"]
        line.refresh_from_db()
        assert line.requested == 10_200

    def test_what_is_said_of_the_whole_budget_comes_back_too(self, staff, case):
        name = four_aides(staff, case)
        line = case.lines.last()
        told = self.check(staff, case, **{f"line-{line.pk}-persons": "3"}).json()
        assert name not in told["parts"]["budget-notes"]
        told = self.check(staff, case, **{f"line-{line.pk}-persons": "4"}).json()
        assert f'name="{name}"' in told["parts"]["budget-notes"]

    def test_nothing_changed_is_an_empty_answer(self, staff, case):
        told = self.check(staff, case).json()
        assert (told["parts"], told["edition"]) == ({}, case.edition)

    def test_what_cannot_be_read_is_said_at_the_line_and_the_rest_is_checked(self, staff, case):
        line = case.lines.get()
        answer = self.check(staff, case, **{f"line-{line.pk}-requested": "一千", f"line-{line.pk}-own_funds": "5"})
        assert answer.status_code == 422
        assert list(answer.json()["errors"]) == [f"line-{line.pk}-requested"]
        assert "阿拉伯數字" in answer.json()["errors"][f"line-{line.pk}-requested"][0]
        line.refresh_from_db()
        assert (line.requested, line.own_funds) == (10_000, 5)

    def test_mended_it_clears_the_sentence(self, staff, case):
        answer = self.check(staff, case)
        assert (answer.status_code, answer.json()["errors"]) == (200, {})

    def test_stale_is_a_conflict(self, staff, case):
        pk = case.lines.get().pk
        answer = self.check(staff, case, edition="1", **{f"line-{pk}-requested": "1"})
        assert (answer.status_code, "現在存的" in answer.json()["conflicts"]) == (409, True)

    def test_a_page_whose_answer_was_lost_goes_on_and_gets_every_part(self, staff, case):
        line, client = case.lines.get(), signed_in(staff)
        address = f"/applications/{case.number}/budget/check/"
        told = budget_post(case, page="mine", **{f"line-{line.pk}-requested": "9000"})
        assert client.post(address, told).status_code == 200
        again = client.post(address, told)
        assert (again.status_code, again.json()["edition"]) == (200, fresh(case).edition)
        assert set(again.json()["parts"]) == {f"margin-{line.pk}", "budget-notes", "budget-totals", "budget-summary"}
        other = told | {f"line-{line.pk}-requested": "8500"}
        assert client.post(address, other | {"page": "another"}).status_code == 409
        assert client.post(address, other | {"page": ""}).status_code == 409

    def test_a_save_by_somebody_else_meanwhile_is_still_a_conflict(self, staff, case):
        line, client = case.lines.get(), signed_in(staff)
        address = f"/applications/{case.number}/budget/check/"
        told = budget_post(case, page="mine", **{f"line-{line.pk}-requested": "9000"})
        assert client.post(address, told).status_code == 200
        self.check(staff, case, page="theirs", **{f"line-{line.pk}-requested": "8000"})
        assert client.post(address, told).status_code == 409

    def test_get_leads_to_the_page(self, staff, case):
        address = f"/applications/{case.number}/budget/"
        assert signed_in(staff).get(f"{address}check/").url == address


class TestReview:
    def test_the_chair_files_and_a_second_post_changes_nothing(self, chair, case):
        client, address = signed_in(chair), f"/applications/{case.number}/edit/review/"
        page = text_of(client.get(address))
        assert "確認送件" in page
        token = re.search(r'name="token" value="([0-9a-f-]+)"', page)[1]
        told = {"token": token, "edition": fresh(case).edition}
        first = client.post(f"/applications/{case.number}/file/", told)
        again = client.post(f"/applications/{case.number}/file/", told)
        assert (
            (first.status_code, first.url) == (again.status_code, again.url) == (302, f"/applications/{case.number}/")
        )
        assert case.versions.count() == 1

    def test_staff_hand_over(self, staff, chair, case):
        client = signed_in(staff)
        assert "送請理事長確認" in text_of(client.get(f"/applications/{case.number}/edit/review/"))
        client.post(f"/applications/{case.number}/hand-to-chair/")
        assert fresh(case).status == S.AWAITING_CHAIR
        assert "確認送件" in text_of(signed_in(chair).get(f"/applications/{case.number}/edit/review/"))

    @pytest.mark.parametrize(
        "step", ["edit/organisation/", "edit/project/", "budget/", "budget/import/", "edit/documents/"]
    )
    def test_the_address_of_a_step_leads_to_the_case_while_the_chair_reads(self, staff, chair, case, step):
        signed_in(staff).post(f"/applications/{case.number}/hand-to-chair/")
        for user in (staff, chair):
            client = signed_in(user)
            answer = client.get(f"/applications/{case.number}/{step}", follow=True)
            assert answer.redirect_chain == [(f"/applications/{case.number}/", 302)]
            assert "已經送請理事長確認。要再修改，請先按「收回修改」。" in text_of(answer)
            assert client.post(f"/applications/{case.number}/{step}", {}).status_code == 403
        stranger = member_of(OrganisationFactory())
        assert signed_in(stranger).get(f"/applications/{case.number}/{step}").status_code == 404

    def test_staff_cannot_file(self, staff, case):
        told = {"token": "00000000-0000-4000-8000-000000000000", "edition": case.edition}
        assert signed_in(staff).post(f"/applications/{case.number}/file/", told).status_code == 403

    def test_what_is_missing_is_listed_with_its_step(self, chair, case):
        case.documents.all().delete()
        Application.objects.update(goal="")
        page = text_of(signed_in(chair).get(f"/applications/{case.number}/edit/review/"))
        assert "請寫為什麼要辦" in page
        assert "到「附件」" in page
        assert 'name="token"' not in page


PAYLOADS = [
    "\x00",
    "'; DROP TABLE grants_application; --",
    "<script>alert(1)</script>",
    "{{ case.organisation.bank_account }}",
    "a\r\nBcc: x@example.org",
    "\u202e反向",
    "𠮷" * 30,
    "=1+1",
]


class TestPayloads:
    @pytest.mark.parametrize("payload", PAYLOADS)
    def test_in_every_text_field(self, staff, case, payload):
        client = signed_in(staff)
        line = add_line(staff, case, "insurance", requested=500, quantities={"insurance_kind": "other"})
        project = {"title": payload, "place": payload, "goal": payload, "starts_on": payload, "q_activity": payload}
        project |= {"service_area": payload, "q_groups": payload}
        answers = [
            client.post(f"/applications/{case.number}/edit/project/", {"edition": fresh(case).edition, **project}),
            client.post(
                f"/applications/{case.number}/edit/organisation/",
                {"edition": fresh(case).edition, "contact_name": payload, "contact_email": payload},
            ),
            client.post(
                f"/applications/{case.number}/budget/",
                {
                    "edition": fresh(case).edition,
                    "command": payload,
                    "item": payload,
                    f"line-{line.pk}-description": payload,
                    f"line-{line.pk}-requested": payload,
                    f"line-{line.pk}-insurance_kind": payload,
                    f"reason:K4.2.1:{line.pk}": payload,
                    f"reason:{payload}:{payload}": payload,
                },
            ),
            client.get("/applications/", {"q": payload, "status": payload, "programme": payload, "page": payload}),
            client.post("/applications/new/", {"organisation": payload, "programme": payload, "copy_of": payload}),
            client.post(f"/applications/{case.number}/file/", {"token": payload, "edition": payload}),
        ]
        assert [answer.status_code for answer in answers if answer.status_code >= 500] == []
        for page in ("", "edit/project/", "budget/", "edit/review/"):
            assert "<script>alert(1)" not in text_of(client.get(f"/applications/{case.number}/{page}"))

    @pytest.mark.parametrize("number", ["%00", "88-099-0001%00", "%F0%A0%AE%B7", "..%2f", "' OR 1=1"])
    def test_in_the_address(self, staff, case, number):
        assert signed_in(staff).get(f"/applications/{number}/").status_code == 404

    def test_a_reason_for_no_clause_is_not_kept(self, staff, case):
        told = {"edition": fresh(case).edition, "reason:K99:": "x", "reason:K4.2.1:": "y"}
        signed_in(staff).post(f"/applications/{case.number}/edit/review/", told)
        assert list(case.justifications.values_list("clause", "text")) == [("K4.2.1", "y")]


class TestPages:
    def test_discard_asks_first(self, staff, case):
        client, address = signed_in(staff), f"/applications/{case.number}/discard/"
        assert client.get(address).status_code == 200
        assert fresh(case).status == S.DRAFT
        assert client.post(address).status_code == 302
        assert fresh(case).status == S.WITHDRAWN

    def test_withdrawal_wants_a_reason(self, chair, case):
        file(chair, case)
        client, address = signed_in(chair), f"/applications/{case.number}/withdraw/"
        assert client.post(address, {"reason": ""}).status_code == 422
        assert client.post(address, {"reason": "場地沒了"}).status_code == 302
        assert fresh(case).status == S.WITHDRAWN


class TestQueries:
    def rows(self, count, organisation):
        programme = ProgrammeFactory()
        start = Application.objects.count()
        for n in range(start, start + count):
            ApplicationFactory(
                organisation=organisation, programme=programme, number=f"88-098-{n:04}", status=S.SUBMITTED,
                first_filed_on="2010-06-01",
            )  # fmt: skip

    def queries_of(self, django_assert_max_num_queries, user, address):
        client = signed_in(user)
        client.get(address)
        with django_assert_max_num_queries(17) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    @pytest.mark.parametrize("query", ["", "?q=示範", "?status=submitted", "?q=共餐&status=submitted"])
    def test_the_list_at_1_3_and_30_rows(self, django_assert_max_num_queries, organisation, query):
        officer = person(Role.CASE_OFFICER)
        counts = []
        for more in (1, 2, 27):
            self.rows(more, organisation)
            for case in Application.objects.all():
                from grants.services.applications import index

                index(case)
            counts.append(self.queries_of(django_assert_max_num_queries, officer, f"/applications/{query}"))
        # A full first page asks once more, for the bounded count.
        assert counts[0] == counts[1] == counts[2] - 1
        # One of them names the officers for the filter. A search asks first whether its words are common.
        assert counts[2] <= (9 if "q=" in query else 8)

    def test_at_most_fifteen_a_page(self, organisation):
        self.rows(30, organisation)
        client = signed_in(person(Role.CASE_OFFICER))
        first, second = (text_of(client.get(f"/applications/?page={n}")) for n in (1, 2))
        assert (first.count('<th scope="row"'), second.count('<th scope="row"')) == (15, 15)

    @pytest.mark.parametrize("page", ["", "edit/project/", "budget/", "edit/documents/", "edit/review/"])
    def test_the_pages_of_a_case_at_1_and_30_lines(self, django_assert_max_num_queries, staff, case, page):
        address = f"/applications/{case.number}/{page}"
        one = self.queries_of(django_assert_max_num_queries, staff, address)
        lines = [
            BudgetLine(application=case, position=n, item="printing", requested=100, description=f"第{n}項")
            for n in range(2, 31)
        ]
        BudgetLine.objects.bulk_create(lines)
        assert self.queries_of(django_assert_max_num_queries, staff, address) == one


def file(chair, case):
    case.refresh_from_db()
    return filing.file(chair, case, "00000000-0000-4000-8000-000000000001", edition=case.edition)
