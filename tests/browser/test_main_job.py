"""The main job whole, as its people do it at their browsers: wide, on a phone, and without JavaScript."""

import datetime as dt

import pytest

from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.notices.tasks import deliver_notices

from . import deciding_steps as deciding
from . import filing_steps as filing
from .acting import Person, county_and_association

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.real_date]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
WINDOWS = {"wide": {}, "phone": PHONE, "without scripts": {"java_script_enabled": False}}


@pytest.fixture(autouse=True)
def trial(settings) -> None:
    """The date is moved on as in the trial, by the bar on every page."""
    settings.DEMO = True
    clock.set_portal_date(dt.date(2010, 6, 1))


@pytest.mark.parametrize("window", WINDOWS)
def test_from_the_first_line_to_the_reminder(open_page, window, mailoutbox):
    scripts, world = window != "without scripts", county_and_association()

    def enters(user) -> Person:
        return Person(open_page(**WINDOWS[window]), user).sign_in()

    staff = enters(world.staff)
    number = filing.start(staff)
    filing.organisation(staff)
    filing.project(staff)
    filing.budget(staff, scripts)
    filing.documents(staff, scripts)
    filing.hand_over(staff)

    chair = enters(world.chair)
    chair.sees(number).goes(f"/applications/{number}/").press("看內容並送件")
    chair.fits().press("確認送件")
    chair.sees("已送件", number)

    officer = enters(world.officer)
    deciding.receive_and_ask(officer, number)
    filing.correct(staff, number, scripts)
    chair.goes(f"/applications/{number}/edit/review/").press("確認送回")
    deciding.complete(officer, number)
    deciding.propose(officer, scripts)
    deciding.approve(enters(world.head), number)

    letter = deciding.issue_letter(officer, number)
    for words in (world.organisation.name, filing.TITLE, "120,000", "膳雜費", deciding.CUT_REASON, "99年6月1日"):
        assert words in letter, words
    assert "府社區字第0990001234號" in letter

    deciding.claim(staff, number)
    deciding.approve_payment(officer, number)
    deciding.pay(enters(world.finance), number)

    # The project ends on 99年7月9日; thirty days before the settlement is due, its people are told, once.
    mailoutbox.clear()
    bar = staff.page.locator(".demo-bar")
    staff.fill({"前進到": "99/7/12"}, bar).press("前進", bar.locator("form").last)
    staff.sees("99年7月12日", "則提醒")
    deliver_notices()
    deliver_notices()
    staff.goes("/notices/").fits().sees(number, "結報")
    assert [mail.subject for mail in mailoutbox if world.staff.email in mail.to and "結報" in mail.subject] != []
