"""An auditor finds entries by kind and amount, reads one in words, takes what is shown out as a file, sees a case as it was on a
day, and who proposed, decided and paid.
"""

import pytest

from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.models import AuditEntry
from tests.factories import money
from tests.factories.accounts import person
from tests.grants.settling import paid_first

from .acting import Person, give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_trail_is_searched_read_and_taken_out(phone, axe):
    people = money.county()
    award = money.approved(staff=people)
    paid_first(award, people)
    auditor = person(Role.AUDITOR)
    give_session(phone, auditor)
    reader = Person(phone, auditor).goes("/audit/")
    phone.get_by_label("種類").select_option(label="全部：撥款、收支與繳回")
    phone.get_by_label("金額從（元）").fill("1")
    phone.get_by_role("button", name="查詢").click()
    reader.sees(award.number, "元").fits()
    axe(phone)
    with phone.expect_download() as caught:
        phone.get_by_role("button", name="下載 CSV").click()
    lines = caught.value.path().read_text("utf-8-sig").splitlines()
    assert lines[0] == "序號,時間,人員,職務,案號,做了什麼"
    assert all(award.number in line for line in lines[1:])
    assert AuditEntry.objects.latest("seq").after["rows"] == len(lines) - 1
    phone.locator("tbody th a").first.click()
    reader.sees("原始紀錄（給資訊人員）").fits()
    axe(phone)
    phone.get_by_role("link", name="這一件在那一天的樣子").click()
    reader.sees("結束時的案件", "在誰手上").fits()
    phone.get_by_label("哪一天").fill("99/6/1")
    phone.get_by_role("button", name="看這一天").click()
    reader.sees("99年6月1日結束時的案件")
    axe(phone)
    reader.goes("/audit/")
    phone.get_by_role("link", name="誰建議、誰決定、誰撥付").click()
    reader.sees("1 筆", award.number).fits()
    axe(phone)
    phone.get_by_label("只看要查明的").check()
    phone.get_by_role("button", name="查詢").click()
    reader.sees("沒有符合的決定和撥付")
    phone.get_by_label("只看要查明的").uncheck()
    phone.get_by_role("button", name="查詢").click()
    with phone.expect_download() as caught:
        phone.get_by_role("button", name="下載 CSV").click()
    assert award.number in caught.value.path().read_text("utf-8-sig")
