import pytest
from tests.browser.acting import give_session
from grants.services import schemes as s, rulings as r
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories.accounts import person
from tests.grants.rulings import draft, filed_case, in_force, officer
from grants.models import Scheme

pytestmark = [pytest.mark.browser]


def test_shots(page, phone, axe, live_server):
    s.sync()
    sch = Scheme.objects.get(slug="kaohsiung-88")
    case = filed_case(2000)
    filed_case(1900)
    in_force(
        sch, parameter="reading.admin_base", value={"value": "exclusive"}, on=__import__("datetime").date(2010, 6, 1)
    ) if False else None
    ru = r.record_ruling(officer(), sch, draft(reason="配合年度預算"))
    in_force(sch)
    w = r.record_waiver(officer(), case, "K4.1.4", "簽099第7號", "偏遠地區人力不足")
    head = person(Role.APPROVER)
    aud = person(Role.AUDITOR)

    def shot(name, url, user=None, full=False):
        for label, win in (("w", page), ("p", phone)):
            if user:
                give_session(win, user)
            win.goto(url)
            win.screenshot(path=f"/tmp/shots/{name}-{label}.png", full_page=full)
            print(
                name,
                label,
                win.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"),
            )
            axe(win)

    shot("law", "/schemes/kaohsiung-88/law/")
    shot("law412", "/schemes/kaohsiung-88/law/?q=K4.6.3a", full=True)
    shot("clause", "/schemes/kaohsiung-88/law/#K4.1.2")
    shot("calc", "/schemes/kaohsiung-88/calculator/")
    for label, win in (("w", page), ("p", phone)):
        win.goto("/schemes/kaohsiung-88/calculator/")
        win.select_option("#item", "lecturer_fee")
        win.click("button[value=add]")
        win.fill("[name=line-1-hours]", "6")
        win.select_option("[name=line-1-in_house]", "false")
        win.fill("[name=line-1-requested]", "9601")
        win.wait_for_selector("text=超出 1 元")
        win.screenshot(path=f"/tmp/shots/calc2-{label}.png", full_page=True)
    shot("open", "/open-data/", full=True)
    shot("rulings", "/rulings/", head, full=True)
    shot("ruling", f"/rulings/{ru.pk}/", head, full=True)
    shot("choose", "/rulings/new/kaohsiung-88/", head)
    shot("form", "/rulings/new/kaohsiung-88/?parameter=reading.A5", head, full=True)
    shot("waivers", f"/applications/{case.number}/waivers/", head, full=True)
    shot("audit", "/audit/", aud, full=True)
    shot("entry", "/audit/1/", aud, full=True)
    shot("seals", "/audit/seals/", aud, full=True)
