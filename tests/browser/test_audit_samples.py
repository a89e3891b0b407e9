"""An auditor draws cases by a seed on a phone, takes the check sheets, and the bundle of a case, which holds."""

import zipfile

import pytest

from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.services import seal_audit
from tests.factories import money, reviews
from tests.factories.accounts import person
from tests.grants.test_audit_bundle import checked

from .acting import Person, give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_cases_are_drawn_and_one_is_taken_along(phone, axe, tmp_path):
    staff = reviews.staff()
    case = reviews.approved(staff).application
    other = money.approved((20_000,), staff=money.county())
    seal_audit()
    auditor = person(Role.AUDITOR)
    give_session(phone, auditor)
    reader = Person(phone, auditor).goes("/audit/")
    phone.get_by_role("link", name="抽樣核對").click()
    reader.sees("還沒有抽過").fits()
    axe(phone)
    phone.get_by_label("每層抽幾件").fill("1")
    phone.get_by_label("種子").fill("0990601")
    phone.get_by_role("button", name="抽樣").click()
    reader.sees("第 1 次抽樣", case.number, other.number).fits()
    axe(phone)
    with phone.expect_download() as caught:
        phone.get_by_role("button", name="全部案件 CSV").click()
    assert caught.value.path().read_text("utf-8-sig").count("抽中") == 3
    address = phone.get_by_role("link", name="核對表 PDF").get_attribute("href")
    assert phone.request.get(f"{phone.url.split('/audit')[0]}{address}").body()[:4] == b"%PDF"
    phone.get_by_role("link", name=case.number).click()
    reader.sees("案件檔案包").fits()
    axe(phone)
    with phone.expect_download() as caught:
        phone.get_by_role("link", name="下載檔案包").click()
    with zipfile.ZipFile(caught.value.path()) as packed:
        packed.extractall(tmp_path / "bundle")
    code, said = checked(tmp_path / "bundle")
    assert code == 0
    phone.reload()
    reader.sees("下載過的檔案包", said.rpartition(" ")[2]).fits()
    axe(phone)
