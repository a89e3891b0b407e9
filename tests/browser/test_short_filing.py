"""How long filing is on a phone: taps, fields and screens of scrolling of the form's own steps, so that it stays short."""

import os
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, expect

from grants.models import Application
from grants.services import filing
from tests.grants.filing import filed_case

from .acting import Person, county_and_association, give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PROGRAMME = "社區照顧關懷據點"
SCREEN = 844
STATE = "[data-autosave-state]"


@dataclass
class Walk:
    """Somebody with a telephone, and a count of what it takes."""

    person: Person
    taps: int = 0
    fields: int = 0
    screens: dict[str, float] = field(default_factory=dict)

    @property
    def page(self) -> Page:
        return self.person.page

    def fill(self, **values: str) -> None:
        for label, value in values.items():
            self.fields += 1
            self.person.field(label).fill(value)

    def choose(self, label: str, option: str) -> None:
        self.fields += 1
        self.person.field(label).select_option(label=option)

    def press(self, name: str, within=None) -> None:
        self.taps += 1
        self.person.press(name, within)

    def leaves(self, name: str) -> None:
        """Count the page as it stands, filled in."""
        self.screens[name] = self.page.evaluate("document.documentElement.scrollHeight") / SCREEN
        if folder := os.environ.get("SCREENSHOTS"):
            self.page.screenshot(path=f"{folder}/{name}.png", full_page=True)


@pytest.fixture
def world():
    made = county_and_association()
    made.organisation.phone = "07-6610000"
    made.organisation.save()
    return made


@pytest.fixture
def walk(phone, world) -> Walk:
    give_session(phone, world.staff)
    return Walk(Person(phone, world.staff))


def test_the_plan_of_a_care_station(walk, world, axe):
    """From choosing the programme to the budget: 1 tap there and 1 to go on."""
    walk.person.goes("/applications/new/")
    card = walk.page.get_by_role("listitem").filter(has_text=PROGRAMME).last
    walk.press("開始填寫", card)
    # A new form reproaches nobody, and knows what the portal knows.
    main = walk.page.locator("main")
    expect(main.locator(".law, .invalid-feedback")).to_have_count(0)
    expect(main).to_contain_text("服務區域：旗山鎮")
    walk.leaves("new")
    walk.fill(計畫名稱="長者共餐", 開始日期="99/7/1", 結束日期="99/12/31", 辦理地點="活動中心")
    walk.fill(為什麼要辦="長輩獨居，三餐不定", 要做什麼="每週五天共餐和健康促進", 幫助到誰="社區長輩三十位")
    walk.fill(服務幾位長者="30人", 每星期辦幾次="5次", 每次幾小時="4小時", 每位長者每月訪視="1次", 每星期供餐幾天="5天")
    walk.choose("午餐和晚餐都有嗎", "是")
    walk.fill(每人每月收費="150元", 低收入戶每餐="20", 中低收入戶每餐="30", 一般戶每餐="50元")
    walk.choose("活動性質", "一般服務或學習活動")
    walk.choose("有開課嗎", "否")
    walk.choose("會使用土地", "否")
    expect(walk.person.field("土地使用同意到哪一天")).to_be_hidden()
    expect(walk.page.locator(STATE)).to_contain_text("已儲存")
    expect(main).not_to_contain_text("必須修正")
    walk.person.fits()
    axe(walk.page)
    walk.leaves("project")
    walk.press("下一步")
    case = Application.objects.get()
    assert (case.answers["user_fee_monthly"], case.answers["elders"], case.title) == (150, 30, "長者共餐")
    assert (walk.taps, walk.fields) == (2, 20)
    assert walk.screens["new"] < 5
    assert walk.screens["project"] < 5
    bar = walk.page.locator(".foot.stick").bounding_box() or {"height": 0}
    assert bar["height"] <= 70


def test_a_copied_case_takes_eight_presses(walk, world):
    """Last year's case again: dates, the papers and the hand-over; papers are counted by the test of papers."""
    earlier = filed_case(world.organisation, world.chair, title="長者共餐", number="88-098-0001")
    Application.objects.filter(pk=earlier.pk).update(status="withdrawn")
    walk.person.goes("/applications/new/")
    walk.press(f"沿用 {earlier.number}")
    walk.person.sees("從", earlier.number, "帶過來")
    case = Application.objects.exclude(pk=earlier.pk).get()
    assert (case.title, case.requested_total, case.starts_on) == ("長者共餐", 10_000, None)
    walk.fill(開始日期="99/7/1", 結束日期="99/12/31")
    walk.press("下一步")
    walk.person.goes(f"/applications/{case.number}/edit/review/")
    walk.leaves("review")
    assert walk.taps <= 8 - 2 * 2 - 1
    assert walk.screens["review"] < 4.6


def test_the_chair_confirms_beside_the_sum(phone, world, axe):
    from tests.grants.filing import ready_case

    case = ready_case(world.organisation, world.staff, title="長者共餐")
    filing.hand_to_chair(world.staff, case)
    give_session(phone, world.chair)
    chair = Person(phone, world.chair).goes(f"/applications/{case.number}/edit/review/")
    panel = phone.locator("section.next")
    for words in ("長者共餐", "10,000", "本人確認以上內容屬實", "確認送件"):
        expect(panel).to_contain_text(words)
    chair.fits()
    axe(phone)
    Walk(chair).leaves("chair")
