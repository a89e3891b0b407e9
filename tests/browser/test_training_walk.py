"""A course from its announcement to the certificate, as county, association and people at the door meet it."""

import pytest
from playwright.sync_api import expect

from communities.models import Course, Enrolment
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lib import clock, roc_date
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, member_of

from .acting import Person, a_file, give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def announce(county: Person) -> Course:
    """Enter a course of today with one place, announce it, and put a paper on its page."""
    county.goes("/registry/training/")
    county.press("新的課程或觀摩").press("儲存").sees("請先改好下列各項")
    today = roc_date.format_slashed(clock.today())
    county.fill(
        {
            "名稱": "會計實務",
            "日期": today,
            "開始時間": "9:00",
            "結束時間": "1200",
            "時數": "2.5 小時",
            "地點": "三樓會議室",
        }
    )
    county.fill({"名額": "1", "報名截止": today}).press("儲存").sees("還沒公告")
    county.press("公告，開放報名").sees("已公告")
    county.field("檔案").set_input_files(a_file("講義.pdf"))
    county.press("放上教材").sees("講義")
    return Course.objects.get()


def arrive(door: Person, course: Course, pass_code: str) -> None:
    """Arrive with a code and say what it was like, without an account."""
    door.goes(f"/training/door/{course.door_code}/")
    door.fill({"報到碼": "12"}).press("報到").sees("不是 6 位數字")
    door.fill({"報到碼": pass_code}).press("報到").sees("報到完成，這次 1 人").press("上過課，填意見")
    door.fill({"報到碼": pass_code})
    for mark in ("4", "5 很好", "3 普通"):
        door.page.get_by_label(mark).nth({"4": 0, "5 很好": 1, "3 普通": 2}[mark]).check()
    door.fill({"還想學什麼": "想學拍照"}).press("送出意見").sees("謝謝您的意見")


def test_a_course_from_announcement_to_certificate(page, phone, page_without_js, axe):
    body = OrganisationFactory(name="高雄縣旗山鎮楓香社區發展協會")
    officer, staff = person(Role.CASE_OFFICER), member_of(body)
    give_session(page, officer)
    county = Person(page, officer)
    course = announce(county)

    # The association, on a phone, from the public page.
    give_session(phone, staff)
    own = Person(phone, staff).goes("/training/")
    own.press("會計實務").sees("還有 1 個名額").press("報名").sees("誰要參加")
    own.press("送出報名").sees("請勾選或填寫姓名")
    own.fill({"姓名": "林阿明\n陳秀英"}).press("送出報名").sees("排進候補", "候補（第 1 位）", "講義").fits()
    axe(phone)
    own.press("取消報名")
    own.sees("已取消", "已報名")
    pass_code = Enrolment.objects.get(status="enrolled").pass_code

    # At the door, without an account and without scripts.
    arrive(Person(page_without_js, staff), course, pass_code)

    county.goes(f"/registry/training/{course.pk}/").press("登錄辦理完成").sees("上課的人怎麼說", "想學拍照", "4.0 / 5")
    axe(page)
    expect(page.get_by_role("link", name="簽到表 PDF")).to_be_visible()
    county.goes("/registry/training/hours/").sees("楓香", "2.5").fits()
    own.goes(f"/registry/{body.pk}/training/").sees("陳秀英", "2.5 小時").fits()
    with phone.expect_response("**/certificate.pdf") as answer:
        phone.evaluate("fetch(document.querySelector('a[href$=\"certificate.pdf\"]').href)")
    assert answer.value.headers["content-type"] == "application/pdf"
