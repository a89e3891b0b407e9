"""A decision with the approver's own figure, put off first, and decided anew after a ruling: pressed by three people."""

import re

import pytest
from playwright.sync_api import expect

from grants.enums import LetterKind
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories import letters, reviews
from tests.factories.accounts import person
from tests.grants.pages import fresh

from .acting import Person, give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BAD, GOOD = "核減 1 元", "單價偏高，核減 20,000 元"


def at(page, user) -> Person:
    page.context.clear_cookies()
    give_session(page, user)
    return Person(page, user)


@pytest.fixture
def people():
    found = reviews.staff()
    found.director = person(Role.APPROVER)
    return found


@pytest.fixture
def case(people):
    """Proposed as asked for, with a plan that is under way."""
    made = reviews.proposed(people, starts_on="2010-05-01", ends_on="2010-12-31").application
    reviews.EnvelopeFactory(scheme=made.scheme)
    return made


def test_decided_by_figure_and_decided_anew(page, phone, people, case):
    put_off_then_decide(phone, people, case)
    letters.issued(people.officer, case.letters.get())
    reopen(page, people, case)
    propose_again(page, people, case)
    head = at(page, people.head).goes(f"/applications/{case.number}/decision/")
    page.get_by_label(re.compile(r"^\s*看過了")).first.check()
    head.press("核定並產生函稿").sees("已核定")
    second = case.letters.get(kind=LetterKind.APPROVAL)
    assert any("由本函取代" in text for text in second.explanation)
    head.goes(f"/applications/{case.number}/decisions/").fits().sees("核定 103,456 元", "核定 123,456 元", GOOD)


def put_off_then_decide(phone, people, case) -> None:
    """The head puts the case off, then approves less: a wrong figure in a reason and an unread concern are refused."""
    head = at(phone, people.head)
    head.goes(f"/applications/{case.number}/decision/").fits().sees("計畫已經開始", "已查明")
    head.press("暫緩").sees("請填暫緩到哪一天")
    head.fill({"暫緩到哪一天": "99/6/8", "主管意見": "等消防會勘"}).press("暫緩").sees("已暫緩，99年6月8日會回到待核定")
    head.goes(f"/applications/{case.number}/decision/").sees("暫緩到99年6月8日：等消防會勘")
    row = phone.locator("tbody tr").first
    row.get_by_label(re.compile(r"^\s*核定金額")).fill("60,000")
    row.get_by_label(re.compile(r"^\s*核減理由")).fill(BAD)
    head.press("核定並產生函稿").sees("這一列的核減金額是 20,000 元")
    row.get_by_label(re.compile(r"^\s*核減理由")).fill(GOOD)
    head.press("核定並產生函稿").sees("請先看過再勾選")
    phone.get_by_label(re.compile(r"^\s*看過了")).first.check()
    head.fits().press("核定並產生函稿").sees("已核定，函稿和撥款計畫已經產生", "103,456", GOOD)


def reopen(page, people, case) -> None:
    """The officer asks with the ruling's number; nothing typed is lost; another approver confirms."""
    officer = at(page, people.officer)
    officer.goes(f"/applications/{case.number}/").press("決定的紀錄、重新審查").press("提出重新審查").fits()
    page.get_by_label("訴願決定", exact=True).check()
    officer.fill({"訴願決定、判決或簽的文號": "台內訴字第1號", "決定日期": "99/5/31"})
    officer.press("送另一位主管確認").sees("請先改好")
    expect(officer.field("訴願決定、判決或簽的文號")).to_have_value("台內訴字第1號")
    officer.fill({"理由": "原處分撤銷"}).press("送另一位主管確認").sees("已送出，請另一位主管確認")
    at(page, people.director).goes(page.url).sees("台內訴字第1號", "重新審查").press("確認")
    assert fresh(case).status == "under_review"


def propose_again(page, people, case) -> None:
    """The earlier figures are there to start from; a draft is kept; a proposal is taken back and sent again."""
    officer = at(page, people.officer)
    officer.goes(f"/applications/{case.number}/proposal/").fits()
    amount = page.locator(".line").first.get_by_label(re.compile(r"^\s*建議金額"))
    expect(amount).to_have_value("60,000")
    amount.fill("80,000")
    foot = page.locator(".foot")
    officer.press("存草稿", foot).sees("草稿已存在縣府", "還沒有送出")
    page.locator("#concerns textarea").first.fill("申請在先")
    officer.press("送主管核定", foot).sees("已提出核定建議").press("收回建議").sees("已收回建議")
    officer.press("送主管核定", foot).sees("已提出核定建議")
