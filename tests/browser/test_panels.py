"""A panel of nine, of whom one interest is found and one declared; and a sitting of twenty cases in one list."""

import pytest
from playwright.sync_api import Page, expect

from grants.models import Application, Award, Conflict, ReviewAssignment
from grants.services.reviews import reviewers
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lists.bulk import services
from tests.factories import reviews
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory
from tests.factories.grants import EnvelopeFactory

from .acting import Person, give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TOTAL = 123_456
CODES = ("governance", "feasibility", "participation", "urgency")


def as_one(page: Page, user) -> Person:
    give_session(page, user)
    return Person(page, user)


def test_a_panel_of_nine_with_one_interest_found_and_one_declared(page, phone):
    people = reviews.staff()
    panel = [people.reviewer, *(person(Role.REVIEWER) for _ in range(8))]
    case = reviews.checked(people, organisation=OrganisationFactory(phone="07-6612345"))
    officer = as_one(page, people.officer).goes("/applications/")
    page.get_by_role("row").filter(has_text=case.number).get_by_role("checkbox").check()
    officer.press("指派審查委員").sees("整批指派審查委員：1 件").fits()
    page.get_by_label("每件幾位委員").select_option("9")
    officer.press("照填寫的內容再看一次").sees("手上 0 件").press("確認指派審查委員 1 件")
    services.work_pending()
    assert ReviewAssignment.objects.filter(application=case).count() == len(panel)

    # One has the association's telephone number, and says so on the page of their own data.
    found, declared, scorer, *others = panel
    at = as_one(phone, found).goes("/reviewers/mine/").fill({"其他聯絡電話": "(07)661-2345"}).fits().press("儲存")
    assert at.page.goto(f"/applications/{case.number}/review/").status == 404
    at = as_one(phone, declared).goes(f"/applications/{case.number}/review/")
    at.page.get_by_label("有（例如").check()
    at.fill({"說明": "曾任顧問"}).press("送出聲明").sees("這一件會改請其他委員審查")
    assert set(Conflict.objects.values_list("person", "ground")) == {(found.pk, "phone"), (declared.pk, "declared")}

    # One scores: a comment is missing, nothing that was typed is lost, and a draft is kept.
    at = as_one(phone, scorer).goes(f"/applications/{case.number}/review/")
    at.page.get_by_label("沒有", exact=True).check()
    at.press("送出聲明")
    for place, code in enumerate(CODES):
        at.page.locator(f"#id_score-{code}").fill(str(80 + place))
        at.page.locator(f"#id_comment-{code}").fill("" if code == "urgency" else f"意見{place}")
    at.fill({"綜合意見": "可行"}).press("送出評分").sees("請寫一句意見，說明為什麼給這個分數。").fits()
    expect(at.page.locator("#id_comment-participation")).to_have_value("意見2")
    at.press("先存草稿").sees("您存了草稿，還沒有送出")
    at.page.locator("#id_comment-urgency").fill("災後急需")
    at.press("送出評分").sees("評分已送出")

    for row in ReviewAssignment.objects.filter(reviewer__in=others[:2]).select_related("application", "reviewer"):
        reviewers.declare(row.reviewer, row, "none")
        reviewers.score(row.reviewer, row, dict.fromkeys(CODES, (70, "普通")), "可行")
    officer.goes("/rankings/kaohsiung-88/").sees("3/7", "73.8").fits()
    expect(page.get_by_role("row").filter(has_text=case.number)).to_contain_text(str(others[-1]))
    officer.goes("/panels/kaohsiung/").sees("手上未評").fits()


def back_button(page: Page):
    return page.get_by_role("button", name="帶回來")


def test_twenty_cases_are_decided_in_one_list_with_the_money_running_along(page, phone):
    people = reviews.staff()
    made = [reviews.proposed(people) for _ in range(20)]
    EnvelopeFactory(scheme=made[0].application.scheme, amount=TOTAL * 18)
    head = as_one(page, people.head).goes("/desk/").press("一次核定多件").sees("待核定 20 件").fits()
    rows = page.locator("table.sitting tbody tr")
    expect(rows).to_have_count(20)
    expect(rows.nth(17)).to_contain_text("0")
    expect(rows.nth(18)).to_contain_text("超出額度，要簽文號")
    # Another choice above moves everything below it.
    rows.nth(0).get_by_role("combobox").select_option("reject")
    rows.nth(0).get_by_label("主管意見").fill("與宗旨不符")
    expect(rows.nth(18)).not_to_contain_text("超出額度")
    expect(rows.nth(19)).to_contain_text("超出額度")
    head.press("沒選的都照建議")
    # All that was typed stands on the page that answers: nothing to bring back.
    expect(back_button(page)).to_have_count(0)
    expect(rows.nth(0).get_by_role("combobox")).to_have_value("reject")
    head.press("決定所選的案件").sees("有 1 件沒有決定", "剛才決定的").fits()
    expect(rows).to_have_count(1)
    expect(rows.nth(0)).to_contain_text("超出")
    expect(back_button(page)).to_have_count(0)
    # What was not decided is still on the device when the approver comes back.
    head.goes("/desk/").goes("/sittings/kaohsiung-88/")
    expect(rows.nth(0).get_by_role("combobox")).to_have_value("")
    back_button(page).click()
    expect(rows.nth(0).get_by_role("combobox")).to_have_value("approve")
    expect(back_button(page)).to_have_count(0)
    assert (Award.objects.count(), Application.objects.filter(status="rejected").count()) == (18, 1)
    at = as_one(phone, people.head).goes("/sittings/kaohsiung-88/").fits()
    at.page.get_by_role("combobox").first.select_option("approve")
    at.fill({"簽文號": "府社區簽字第0990000077號"}).press("決定所選的案件").sees("已決定 1 件", "沒有等您核定的案件")
    assert Award.objects.count() == 19
