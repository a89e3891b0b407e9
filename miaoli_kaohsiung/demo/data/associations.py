"""The year of Miaoli's associations until June: visits, meetings, accounts, a selection."""

import datetime as dt
from collections.abc import Iterable, Iterator

from communities.enums import PaperKind
from communities.services.papers import add
from grants.duty_kinds import DUTIES
from grants.enums import EntryStage
from grants.models import BookEntry, CentralProgramme, Duty, DutyEntry
from grants.services.books import entries
from grants.services.central import programmes, requests
from grants.services.duties import associations, occasions, records
from grants.services.duties.occasions import Line, Occasion
from grants.services.duties.records import Record
from grants.services.guidance import visits
from grants.services.guidance.visits import Appointment
from grants.services.health import confirm_profile
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.services import actor
from miaoli_kaohsiung.changes.services import confirm
from miaoli_kaohsiung.lib import clock

from .papers import paper
from .places import MIAOLI
from .registry import World

VISITED = ("斗煥", "龍鳳港", "牛乳")  # 將軍柚 and 溫泉谷 are late
ACCOUNTS = ("稻浪", "藺草", "白沙", "中港溪", "斗煥", "草莓", "紅棗", "牛乳")
UNCHECKED = ("杭菊", "木雕")
LISTED = (*ACCOUNTS, *UNCHECKED)
ASSEMBLIES = ("稻浪", "紅棗", "白沙")
ENTERED = ("稻浪", "紅棗", "草莓")
GRADES = {"稻浪": DutyEntry.Grade.SECOND, "紅棗": DutyEntry.Grade.THIRD}
# Of Kaohsiung and of Miaoli.
KEEPING_BOOKS = ("溪畔", "稻浪")


def year(world: World) -> Iterator[dt.date]:
    """The days on which somebody acts, as `load.walk` asks for them."""
    officer = world.of(MIAOLI, "officer")
    yield dt.date(2010, 3, 10)
    text = "4月30日前報名，入選的社區由縣府安排輔導。"
    occasion = Occasion("99年度金卓越社區選拔", dt.date(2010, 9, 30), text, tell_all=True)
    campaign = occasions.add(officer, MIAOLI, "selection_campaign", occasion)
    yield dt.date(2010, 4, 8)
    _enter(world, campaign, EntryStage.ENTERED, dict.fromkeys(ENTERED, 0))
    yield dt.date(2010, 4, 19)
    first = campaign.entries.get(organisation=world.organisations[ENTERED[0]])
    occasions.add_paper(officer, first, paper("參選計畫書"), "參選計畫書")
    for word in ("稻浪", "紅棗"):
        chair, body = world.chairs[word], world.organisations[word]
        by = actor(chair, Role.MEMBER, organisation_id=body.pk)
        add(by, body, PaperKind.REGISTRATION, paper("立案證書"))
        add(by, body, PaperKind.MEMBERS, paper("會員名冊"), dt.date(2010, 12, 31))
    yield dt.date(2010, 4, 28)
    _members_record(world, "accounts", ACCOUNTS, dt.date(2010, 4, 24), check=True)
    _members_record(world, "property_list", LISTED, dt.date(2010, 4, 26), check=True)
    yield dt.date(2010, 4, 30)
    _members_record(world, "accounts", UNCHECKED, dt.date(2010, 4, 29), check=False)
    yield dt.date(2010, 5, 14)
    _enter(
        world, campaign, EntryStage.MENTORED, dict.fromkeys(ENTERED[:2], 0), None, "看過參選資料，服務成果要補照片。"
    )
    yield dt.date(2010, 5, 20)
    _write_books(world)
    _members_record(world, "assembly", ASSEMBLIES, dt.date(2010, 5, 15), check=True)
    confirm_profile(world.chairs["稻浪"], world.organisations["稻浪"])


def guidance(world: World) -> Iterator[dt.date]:
    """The county's own part: last year's selection, the visits of March, and those of June on the calendar."""
    officer = world.of(MIAOLI, "officer")
    yield dt.date(2010, 1, 12)
    _last_selection(world)
    yield dt.date(2010, 3, 26)
    for word in VISITED:
        said = Record(clock.today(), {}, "看過帳冊和會議紀錄，憑證要按月裝訂；下次看財產目錄。")
        records.record(officer, _of(world, word, "guidance"), said)
    yield dt.date(2010, 4, 6)
    _ask_the_ministry(world)
    yield dt.date(2010, 5, 31)
    _plan_visits(world)


def _ask_the_ministry(world: World) -> None:
    """A central programme with one request that was granted, one that is with the ministry and one to be forwarded."""
    officer = world.of(MIAOLI, "officer")
    values = {
        "ministry": "內政部",
        "name": "推展社會福利補助",
        "item": "社區照顧服務",
        "most": 200_000,
        "closes_on": dt.date(2010, 8, 31),
        "words": "計畫書、立案證書、去年的成果照片（示範資料）。",
        "active": True,
    }
    change = programmes.propose(officer, MIAOLI, None, values, "99年度中央公告（示範資料）。")
    confirm(world.of(MIAOLI, "head"), change)
    programme = CentralProgramme.objects.get(county=MIAOLI)
    for place, (word, amount) in enumerate((("稻浪", 120_000), ("紅棗", 80_000), ("草莓", 60_000))):
        body, asked = world.organisations[word], requests.Asked(programme, "長者共餐與關懷訪視", amount)
        row = requests.ask(world.chairs[word], body, asked)
        if place < 2:
            number = f"府社行字第099000070{place}號"
            requests.forward(officer, row, opinion="需求確實，建請補助。", number=number, on=clock.today())
        if place == 0:
            result = requests.Outcome("granted", "內授中社字第0990000123號", clock.today(), 100_000)
            requests.record_result(officer, row, result)


def _last_selection(world: World) -> None:
    """The campaign of 98 with its results, so that the ladder has a step."""
    officer = world.of(MIAOLI, "officer")
    occasion = Occasion("98年度金卓越社區選拔", dt.date(2009, 9, 30), "成績已由中央公布。")
    row = occasions.add(officer, MIAOLI, "selection_campaign", occasion)
    for word, grade in GRADES.items():
        for stage, won, note in ((EntryStage.ENTERED, "", ""), (EntryStage.RESULT, grade, "服務成果完整。")):
            line = Line(world.organisations[word], stage, dt.date(2009, 9, 30), 0, note, won)
            occasions.enter(officer, row, line)
    records.record(officer, row, Record(dt.date(2009, 9, 30), {"entries": len(GRADES)}, "中央公布結果。"))


def _plan_visits(world: World) -> None:
    """The visits of June get a day, one of them today; the first one of March has its picture."""
    officer = world.of(MIAOLI, "officer")
    days = (dt.date(2010, 6, 1), dt.date(2010, 6, 8), dt.date(2010, 6, 8))
    for place, (word, day) in enumerate(zip(VISITED, days, strict=True)):
        appointment = Appointment(day, officer, dt.time(9 + place, 30), "社區活動中心")
        visits.plan(officer, _of(world, word, "guidance"), appointment)
    shown = Duty.objects.get(organisation=world.organisations[VISITED[0]], key="guidance", done_on__isnull=False)
    visits.add_photo(officer, shown, paper("photos"), "一起看帳冊")


def _write_books(world: World) -> None:
    """Three lines of the associations' own; what the county paid and what they spent on projects stand there already."""
    subject = BookEntry.Subject
    for word in KEEPING_BOOKS:
        user = world.staff.get(word, world.chairs[word])
        for day, kind, text, amount in (
            (dt.date(2010, 1, 1), subject.OPENING, "98 年底銀行存款", 36_500),
            (dt.date(2010, 3, 6), subject.DUES, "99 年常年會費 42 人", 12_600),
            (dt.date(2010, 5, 15), subject.OFFICE, "會員大會手冊印刷", 3_200),
        ):
            entries.add(user, world.organisations[word], entries.Entry(day, kind, text, amount))


def _of(world: World, word: str, key: str) -> Duty:
    """The association's first open one of the kind."""
    return Duty.objects.filter(organisation=world.organisations[word], key=key, done_on=None).earliest("due_on")


def _enter(
    world: World, duty: Duty, stage: str, people: dict[str, int], on: dt.date | None = None, note: str = ""
) -> None:
    for word, number in people.items():
        line = Line(world.organisations[word], stage, on or clock.today(), number, note)
        occasions.enter(world.of(MIAOLI, "officer"), duty, line)


def _members_record(world: World, key: str, words: Iterable[str], held_on: dt.date, *, check: bool) -> None:
    for word in words:
        row = _of(world, word, key)
        row = records.record(world.chairs[word], row, Record(held_on, upload=paper(DUTIES[key].title)))
        if check:
            associations.check(world.of(MIAOLI, "officer"), row)
