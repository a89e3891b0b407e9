"""An officer looks through a disposal list in the browser, keeps one record, and another person confirms the rest."""

import datetime as dt

import pytest

from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.privacy import services
from miaoli_kaohsiung.privacy.models import DisposalList
from tests.factories.accounts import person
from tests.privacy.records import counter_visit, ended_office

from .acting import Person, give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_two_people_carry_out_a_list(page, phone, axe):
    officer, head = person(Role.CASE_OFFICER), person(Role.APPROVER)
    term, visit = ended_office(dt.date(2004, 1, 1)), counter_visit(dt.date(2004, 1, 1))
    services.draw_up(clock.today())
    give_session(page, officer)
    own = Person(page, officer).goes("/privacy/disposal/").press("第").sees("要銷毀 2 筆")
    axe(page)
    own.fill({f"任期 {term.pk}": "訴願中"}).press("儲存理由").sees("要銷毀 1 筆，留下 1 筆")
    own.press("送另一位同仁確認").sees("等候另一位同仁確認")

    give_session(phone, head)
    Person(phone, head).goes("/desk/").press("看變更").sees("臨櫃或來電當天起滿5年").press("確認這件變更").sees(
        "已確認"
    )
    term.refresh_from_db()
    visit.refresh_from_db()
    assert (term.phone, visit.person_name) == ("0910000001", "")
    Person(phone, head).goes(f"/privacy/disposal/{DisposalList.objects.get().pk}/").sees("已刪除").fits()
