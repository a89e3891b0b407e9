"""A chairperson whose term is over, in Chromium: reads what must still be done, files nothing, and files once the county
has let the term go on.
"""

import datetime as dt
from types import SimpleNamespace

import pytest

from communities.models import OfficeTerm
from miaoli_kaohsiung.accounts.models import Post
from miaoli_kaohsiung.lib import clock
from tests.factories.money import approved
from tests.grants.filing import ready_case

from .acting import Person, county_and_association

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OVER = dt.date(2010, 6, 16)
SENTENCE = "的理事長任期到 99年6月15日"


@pytest.fixture
def world() -> SimpleNamespace:
    """A case that is ready, an award whose receipt is due on 20 June, and a term until 15 June."""
    world = county_and_association()
    world.case = ready_case(world.organisation, world.staff, place="活動中心")
    world.award = approved(organisation=world.organisation, staff=world, receipt_due=dt.date(2010, 6, 20))
    for model in (Post, OfficeTerm):
        model.objects.filter(user=world.chair).update(valid_to=OVER - dt.timedelta(days=1))
    return world


@pytest.mark.parametrize("window", [{}, {"viewport": {"width": 390, "height": 844}}], ids=["wide", "phone"])
def test_reads_and_waits_until_the_county_lets_the_term_go_on(open_page, world, window):
    number = world.case.number
    staff, chair, officer = (Person(open_page(**window), user) for user in (world.staff, world.chair, world.officer))
    staff.sign_in().goes(f"/applications/{number}/edit/review/").press("送請理事長確認")
    with clock.travel(OVER):
        chair.sign_in().sees(SENTENCE, "請縣府承辦人登錄延任", world.award.number, number).fits()
        call = chair.page.get_by_label("任期").get_by_role("link", name="07-7477611")
        assert call.get_attribute("href") == "tel:+88677477611"
        case, money = f"/applications/{number}/", world.award.number
        for path in (f"/awards/{money}/", f"/settlements/{money}/", case, f"{case}edit/review/"):
            chair.goes(path).fits()
            assert chair.page.locator("main form button").count() == 0, path
        chair.sees("您的理事長任期到 99年6月15日，現在只能看")
        staff.goes(case).sees("理事長任期到 99年6月15日，不能確認送件")

        officer.sign_in().goes(f"/registry/{world.organisation.pk}/").press("延任")
        officer.fill({"同意延任的簽或函文號": "府社區字第0990099999號"}).fits().press("登錄延任")
        officer.sees("已登錄延任")

        chair.goes("/desk/").sees(number)
        assert chair.page.get_by_text(SENTENCE).count() == 0
        chair.goes(case).press("看內容並送件").press("確認送件").sees("已送件")
