"""A day of a case officer with sixty waiting cases, at the keyboard alone, and how much of it there is to press."""

from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from grants.enums import ApplicationStatus as S
from grants.letters import compose
from grants.models import Application, Letter
from grants.services.letters import drafts
from grants.services.reviews import proposals
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lists.bulk import services
from tests.factories import reviews
from tests.factories.accounts import person
from tests.factories.letters import issued
from tests.grants.desks import bare

from .acting import give_session
from .keyboard_steps import Keyboard

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WHOLE, WANTING, OTHERS, LETTERS = 10, 2, 48, 20


@pytest.fixture
def people(monkeypatch) -> SimpleNamespace:
    """The county's people, and sixty cases that wait: those to be checked came first."""
    monkeypatch.setattr(compose, "render", lambda letters, *, final=False: b"%PDF-1.7")
    people = reviews.staff()
    for number in range(WHOLE + WANTING):
        reviews.filed(title=f"送來{number}")
    for number in range(OTHERS):
        bare(S.SUBMITTED, title=f"等候{number}")
    return people


def test_the_day_of_an_officer_with_sixty_waiting_cases(people, page):
    give_session(page, people.officer)
    page.goto("/desk/")
    at = Keyboard(page)
    receives_all(at, people)
    checks_ten(at)
    asks_two_for_corrections(at)
    gives_three_to_a_colleague(at)
    proposes_one(at)
    is_too_late_with_another(at, people)
    issues_twenty_letters(at, people)


def receives_all(at: Keyboard, people: SimpleNamespace) -> None:
    at.press("待收件")
    at.sees("待收件：60 件")
    at.tick(at.page.get_by_label("全部 60 筆"))
    at.press("收件")
    at.press("確認收件 60 件")
    assert at.acts == 4
    assert services.work_pending() == 60
    assert Application.objects.filter(status=S.COMPLETENESS_CHECK, officer=people.officer).count() == 60


def checks_ten(at: Keyboard) -> None:
    """Look at the plan and each paper, find all in order, and go on to the next: a case takes three keys."""
    opens_the_first_of(at, "check")
    for _case in range(WHOLE):
        before = at.acts
        looks_through(at)
        at.key("a", answers=True)
        at.key("c", answers=True)
        at.sees("檢核完成，進入審查")
        at.key("n", answers=True)
        assert at.acts_since(before) <= 4
    assert Application.objects.filter(status=S.UNDER_REVIEW).count() == WHOLE


def looks_through(at: Keyboard) -> None:
    """Go through the rows of the checklist; the pane shows what each is about."""
    rows = at.page.locator("fieldset.check")
    at.down(rows.count())
    expect(at.page.locator("[data-pane] [data-place]:not([data-seen])")).to_have_count(0)


def asks_two_for_corrections(at: Keyboard) -> None:
    """Refuse what is not met with its sentence, and send the two back; the letters lie drafted."""
    for _case in range(WANTING):
        before = at.acts
        at.down()
        at.key("2")
        at.page.keyboard.type("缺印鑑")
        at.press("儲存並請協會補正")
        at.press("送出補正通知")
        at.sees("補正函稿已擬好")
        assert at.acts_since(before) <= 4
        opens_the_first_of(at, "check")
    assert Application.objects.filter(status=S.CORRECTION_REQUESTED).count() == WANTING


def gives_three_to_a_colleague(at: Keyboard) -> None:
    colleague = person(Role.CASE_OFFICER)
    User.objects.filter(pk=colleague.pk).update(display_name="林同仁")
    at.page.goto("/desk/check/")
    for _row in range(3):
        at.down()
        at.key("x")
    at.press("改派承辦人")
    at.chooses("改由誰承辦", "林同仁")
    at.types("原因", "平均案量")
    at.press("確認改派承辦人 3 件")
    assert services.work_pending() == 3
    at.page.reload()
    at.sees("辦完了，3 件都辦好了", "改由林同仁承辦")
    assert Application.objects.filter(officer=colleague).count() == 3


def proposes_one(at: Keyboard) -> None:
    """Propose the first of those that were checked; whoever proposed does not decide."""
    number = opens_the_first_of(at, "propose")
    at.press("送主管核定")
    at.sees("已提出核定建議")
    own = at.page.goto(f"/applications/{number}/decision/")
    assert own is not None
    assert own.status == 403
    at.sees("這一頁是給主管使用的")


def is_too_late_with_another(at: Keyboard, people: SimpleNamespace) -> None:
    """A case that was proposed in another window meanwhile is shown as it stands, and nothing of it is done twice."""
    number = opens_the_first_of(at, "propose")
    case = Application.objects.get(number=number)
    amounts = {line.pk: (line.requested, "") for line in case.lines.all()}
    proposals.propose(people.officer, case, amounts, note="", edition=case.edition)
    at.press("送主管核定")
    at.sees("待核定")
    assert case.proposals.count() == 1


def issues_twenty_letters(at: Keyboard, people: SimpleNamespace) -> None:
    """Issue twenty letters in one run, numbered one after the other, with fewer keys than letters; the one that a
    colleague issued meanwhile is left alone.
    """
    body = ["請查照。"]
    with trail.unit_of_work(Actor(people.officer)):
        cases = [bare(S.UNDER_REVIEW, officer=people.officer) for _letter in range(LETTERS - WANTING)]
        free = [drafts.write_free(people.officer, case, topic="補充說明", body=body) for case in cases]
    before = at.acts
    at.page.goto("/desk/")
    at.press("待發函")
    at.sees(f"待發函：{LETTERS} 件")
    at.reach(at.page.get_by_role("button", name="全選", exact=True))
    at.key("Enter")
    at.press("發文")
    at.types("第一件的發文字號", "府社區字第0990001239號")
    issued(person(Role.CASE_OFFICER), free[0], "府社區字第0990001111號")
    at.press(f"確認發文 {LETTERS} 件")
    assert services.work_pending() == LETTERS
    at.page.reload()
    at.sees(f"辦完了，{LETTERS - 1} 件辦好，1 件沒有辦")
    assert at.acts_since(before) <= LETTERS
    numbers = {f"府社區字第{990001239 + place:010}號" for place in range(LETTERS - 1)}
    sent = set(Letter.objects.filter(status="issued").values_list("dispatch_number", flat=True))
    assert sent == {*numbers, "府社區字第0990001111號"}


def opens_the_first_of(at: Keyboard, kind: str) -> str:
    """Open the first row of the queue; return the number of its case."""
    at.page.goto(f"/desk/{kind}/")
    at.down()
    at.key("Enter", answers=True)
    return at.page.url.rstrip("/").split("/")[-2]
