"""How long filing is on a phone: taps, fields and screens of scrolling of the form's own steps, so that it stays short."""

import os
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, expect

from communities.services.papers import keep
from grants.models import Application
from grants.services.applications import filing
from miaoli_kaohsiung.audit.trail import Actor
from tests.chromium import PHONE_WINDOW
from tests.grants.filing import filed_case, stored_file

from .acting import Person, a_file, county_and_association, give_session

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

    def tick(self, selector: str) -> None:
        self.taps += 1
        self.page.locator(selector).check()

    def press(self, name: str, within=None) -> None:
        self.taps += 1
        self.person.press(name, within)

    def leaves(self, name: str) -> None:
        """Count the page as it stands, filled in, down to the end of what it asks: nobody need scroll to the foot of the
        site with its contacts and its map.
        """
        bottom = self.page.evaluate(
            "document.querySelector('main .page').getBoundingClientRect().bottom + window.scrollY"
        )
        self.screens[name] = bottom / SCREEN
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


def fill_the_plan(walk: Walk, *, course: str) -> None:
    walk.fill(計畫名稱="長者共餐", 開始日期="99/7/1", 結束日期="99/12/31", 辦理地點="活動中心")
    walk.fill(為什麼要辦="長輩獨居，三餐不定", 要做什麼="每週五天共餐和健康促進", 幫助到誰="社區長輩三十位")
    walk.fill(服務幾位長者="30人", 每星期辦幾次="5次", 每次幾小時="4小時", 每位長者每月訪視="1次", 每星期供餐幾天="5天")
    walk.choose("午餐和晚餐都有嗎", "是")
    walk.fill(每人每月收費="150元", 低收入戶每餐="20", 中低收入戶每餐="30", 一般戶每餐="50元")
    walk.choose("活動性質", "一般服務或學習活動")
    walk.choose("有開課嗎", course)
    walk.choose("會使用土地", "否")


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
    fill_the_plan(walk, course="否")
    expect(walk.person.field("土地使用同意到哪一天")).to_be_hidden()
    expect(walk.page.locator(STATE)).to_contain_text("已儲存")
    expect(main).not_to_contain_text("必須修正")
    walk.person.fits()
    axe(walk.page)
    walk.leaves("project")
    bar = walk.page.locator(".foot.stick").bounding_box() or {"height": 0}
    assert bar["height"] <= 70
    walk.press("下一步")
    case = Application.objects.get()
    assert (case.answers["user_fee_monthly"], case.answers["elders"], case.title) == (150, 30, "長者共餐")
    assert (walk.taps, walk.fields) == (2, 20)
    assert walk.screens["new"] < 5
    assert walk.screens["project"] < 5


LINES = (
    (
        "elder_aide",
        {"人數": "2", "每日時數": "4", "日數": "10", "單價": "100", "姓名": "甲、乙", "服務月份": "99年7月"},
    ),
    ("meals", {"數量": "500", "單價": "60"}),
    ("gas", {"數量": "6", "單價": "800"}),
    ("lecturer_fee", {"時數": "10", "單價": "1,600"}),
    ("course_materials", {"數量": "30", "單價": "100"}),
    ("insurance", {"數量": "30", "單價": "60"}),
    ("printing", {"數量": "100", "單價": "20"}),
    ("stationery", {"數量": "1", "單價": "3,000"}),
)
PAPERS = ("application_form", "timetable", "lecturer_resume", "syllabus", "action_plan")


def fill_the_budget(walk: Walk) -> None:
    """Eight usual items ticked at once; amounts are multiplied by the portal."""
    for code, _values in LINES:
        walk.tick(f"#usual-{code}")
    walk.press("加入勾選的項目")
    for place, (_code, values) in enumerate(LINES):
        line = walk.page.locator(".entry").nth(place)
        for label, value in values.items():
            walk.fields += 1
            walk.person.field(label, line).fill(value)
    walk.fields += 2
    walk.person.field("內聘或外聘").select_option(label="外聘")
    walk.person.field("保險種類").select_option(label="志工平安保險")
    expect(walk.page.locator("#budget-summary")).to_contain_text("68,600")


def keep_the_certificate(world) -> None:
    """The association has its certificate with the portal."""
    stored = stored_file(world.staff, "立案證書.pdf")
    keep(Actor(world.staff), world.organisation, "registration_certificate", stored)


def send_the_papers(walk: Walk, papers: tuple[str, ...] = PAPERS) -> None:
    """The certificate lies with the association; the others are chosen, which sends them: the field and the file."""
    expect(walk.page.locator("#div-registration_certificate")).to_contain_text("已上傳")
    walk.taps += 1
    expect(walk.page.get_by_role("link", name="下載申請書")).to_be_visible()
    for code in papers:
        walk.taps += 2
        section = walk.page.locator(f"#div-{code}")
        section.locator("input[type=file][data-upload]").set_input_files(a_file(f"{code}.pdf"))
        expect(section).to_contain_text(f"已收到「{code}.pdf」")


def test_from_the_desk_to_the_filing(open_page, world):
    """A new care station of eight lines and six papers: at most 30 taps, 45 fields and 15 screens."""
    keep_the_certificate(world)
    staff = Person(open_page(**PHONE_WINDOW), world.staff)
    give_session(staff.page, world.staff)
    walk = Walk(staff)
    walk.person.goes("/desk/")
    walk.leaves("desk")
    walk.press("申請補助")
    walk.leaves("choose")
    walk.press("開始填寫", walk.page.get_by_role("listitem").filter(has_text=PROGRAMME).last)
    fill_the_plan(walk, course="是")
    walk.leaves("project")
    walk.press("下一步")
    fill_the_budget(walk)
    walk.leaves("budget")
    walk.press("下一步")
    send_the_papers(walk)
    walk.leaves("papers")
    walk.press("下一步")
    walk.leaves("review")
    walk.press("送請理事長確認")
    case = Application.objects.get()
    give_session(staff.page, world.chair)
    chair = Walk(staff.goes("/desk/"), walk.taps, walk.fields, walk.screens)
    chair.press("看內容並送件")
    chair.press("確認送件")
    case.refresh_from_db()
    assert (case.status, case.lines.count(), case.documents.count()) == ("submitted", 8, 6)
    steps = {name: walk.screens[name] for name in ("choose", "project", "budget", "papers", "review")}
    assert chair.taps <= 30
    assert chair.fields <= 45
    assert sum(steps.values()) <= 15, steps


def test_a_copied_case_takes_eight_presses(walk, world):
    """Last year's case again, until it is handed over: two dates, and the form printed, stamped and sent."""
    keep_the_certificate(world)
    earlier = filed_case(world.organisation, world.chair, title="長者共餐", number="88-098-0001")
    Application.objects.filter(pk=earlier.pk).update(status="withdrawn")
    walk.person.goes("/applications/new/")
    walk.press(f"沿用 {earlier.number}")
    walk.person.sees("從", earlier.number, "帶過來", "立案證書.pdf")
    case = Application.objects.exclude(pk=earlier.pk).get()
    assert (case.title, case.requested_total, case.starts_on) == ("長者共餐", 10_000, None)
    walk.fill(開始日期="99/7/1", 結束日期="99/12/31")
    walk.press("下一步")
    walk.press("下一步")
    send_the_papers(walk, ("application_form",))
    walk.press("下一步")
    walk.press("送請理事長確認")
    case.refresh_from_db()
    assert (case.status, walk.taps, walk.fields) == ("awaiting_chair", 8, 2)


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
