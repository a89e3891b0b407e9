"""Who is in the demonstration: accounts with their posts, organisations, terms of office, tiers."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _

from communities.enums import Office, OrganisationKind, Tier, TierBasis
from communities.models import Organisation, TownshipName
from communities.services import organisations, people, terms, tiers
from evaluation.enums import Interest, Theme
from evaluation.models import Entry, Round, Sheet
from evaluation.queries.spread import total_of
from evaluation.services import publishing
from evaluation.services.moderation import propose_total
from evaluation.services.own_marks import Said, assess
from evaluation.services.rounds import Days, Terms, open_round, tell_difficulties
from evaluation.services.sheets import Marks, assign, declare, save, submit
from grants.enums import LetterKind, LetterStatus
from grants.models import Letter
from grants.services.letters import dispatch
from miaoli_kaohsiung.accounts import actions, services
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.changes.services import confirm
from miaoli_kaohsiung.lib import clock, identifiers
from miaoli_kaohsiung.lib.roc_date import roc_year

from .papers import paper
from .places import KAOHSIUNG, MEMBERS, MIAOLI, PLACES, STAFF, SURNAMES, Place

PASSWORD = "demo-88-2010"  # noqa: S105 -- of the trial only, printed at its start for everybody
LAST_DAY = dt.date(2010, 6, 1)
PREFIX = {KAOHSIUNG: "ks", MIAOLI: "ml"}
LETTERS = {"E": Tier.EXCELLENT, "P": Tier.POTENTIAL, "B": Tier.BASIC}
COUNTY_NAMES = {KAOHSIUNG: "高雄縣", MIAOLI: "苗栗縣"}
# The least total of each tier in the evaluation of 98.
BANDS = {"E": 82, "P": 66, "B": 48}
DIFFICULTIES = (
    ("年輕人外出工作，志工平均七十歲，活動中心的器材沒有人會修。", (Theme.PEOPLE, Theme.PLACE)),
    ("會計人手不足，憑證黏貼和帳冊常常趕在最後一天才做完。", (Theme.ACCOUNTS,)),
    ("活動中心要和村辦公處共用，固定時段不容易排。", (Theme.PLACE,)),
)
# Who has assessed itself in 99, and at how much of each indicator.
ASSESSED = {"稻浪": 90, "紅棗": 95, "草莓": 75}
REASONS = {
    Tier.EXCELLENT: "會務、財務健全，持續辦理福利服務並帶領鄰近社區。",
    Tier.POTENTIAL: "會務正常，已有一至二項固定服務，財務報表可再加強。",
    Tier.BASIC: "會務運作中，服務以節慶活動為主，需要輔導。",
}
LIFTS = {
    Tier.EXCELLENT: "",
    Tier.POTENTIAL: "按季公布財務報表，並建立志工排班與服務紀錄。",
    Tier.BASIC: "按時召開會員大會，並辦理至少一項每月固定的福利服務。",
}


@dataclass
class World:
    """What the cases need to know: people by sign-in name, organisations by word, who acts for an organisation."""

    system: Actor
    users: dict[str, User] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    chairs: dict[str, User] = field(default_factory=dict)
    staff: dict[str, User] = field(default_factory=dict)
    offices: dict[str, User] = field(default_factory=dict)
    townships: dict[str, str] = field(default_factory=dict)
    _password: str = ""

    def of(self, county: str, post: str) -> User:
        """The county's person of the post: of("miaoli", "officer")."""
        return self.users[f"{PREFIX[county]}-{post}"]

    def account(self, username: str, name: str) -> User:
        """An account with the demonstration's password and a verified address."""
        self._password = self._password or make_password(PASSWORD)
        with trail.unit_of_work(self.system):
            user = User.objects.create(
                username=username, email=f"{username}@example.org", display_name=name, password=self._password
            )
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
            trail.record(actions.CREATE, user, after=trail.snapshot(user, "username", "email", "display_name"))
        self.users[username] = user
        return user


def people_of_the_authorities(world: World) -> None:
    """The counties', townships', reviewers', auditor's and administrator's accounts."""
    valid = {row.name: row.township for row in TownshipName.objects.select_related("township")}
    world.townships = {name: township.code for name, township in valid.items()}
    for username, name, role, counties, township in STAFF:
        user = world.account(username, name)
        for county in counties:
            _give_post(world, user, role, county, township)
    admin = world.users["admin"]
    admin.is_staff = admin.is_superuser = True
    admin.save(update_fields=["is_staff", "is_superuser"])
    served = sorted({place.township for place in PLACES if place.county == MIAOLI} - {"苑裡鎮"})
    for place, township in enumerate(served, 1):
        user = world.account(f"office-{place:02}", f"{SURNAMES[-place]}示範")
        _give_post(world, user, Role.TOWNSHIP_OFFICER, MIAOLI, township)


def _give_post(world: World, user: User, role: Role, county: str, township: str) -> None:
    code = world.townships[township] if township else ""
    place = f"{township}公所" if township else ""
    people.give_post(
        world.system, user, role=role, county=county, township_code=code, place_name=place, valid_from=clock.today()
    )
    if role == Role.TOWNSHIP_OFFICER:
        world.offices[code] = user


def register(world: World) -> None:
    """Enter the organisations, their office holders and the accounts of those who file."""
    for number, place in enumerate(PLACES, 1):
        actor = services.actor(world.of(place.county, "officer"), Role.CASE_OFFICER, county=place.county)
        organisation = organisations.create_organisation(actor, **_facts(world, place, number))
        world.organisations[place.word] = organisation
        _board(world, place, organisation, number, actor)


def _facts(world: World, place: Place, number: int) -> dict[str, Any]:
    county = COUNTY_NAMES[place.county]
    area = "07-661" if place.county == KAOHSIUNG else "037-86"
    national = place.kind == OrganisationKind.NATIONAL_NONPROFIT
    return {
        "kind": place.kind,
        "name": place.name,
        "county": place.county,
        "township_id": world.townships[place.township],
        "village": f"{place.word[:3]}{'村' if place.township.endswith('鄉') else '里'}",
        "registration_county": "" if national else county,
        "registration_number": f"府社行字第09700{number:05}號",
        "registered_on": dt.date(1998 + number % 9, 1 + number % 12, 1 + number % 28),
        "tax_id": _tax_id(number),
        "address": f"{county}{place.township}示範路{number}號",
        "phone": f"{area}{number:04}",
        "email": f"place-{number:02}@example.org",
        "purpose": _("促進社區發展，增進居民福利，建設安和融洽的社區。"),
        "area_served": f"{place.township}{place.word[:3]}地區第 1 至 {4 + number % 9} 鄰",
        "households": 210 + number * 13 % 400,
        "population": 640 + number * 47 % 1500,
        "members_count": 52 + number * 7 % 160,
        "bank_code": "7000021",
        "bank_account": f"0041234{number:07}",
        "bank_account_name": place.name,
        "last_service_on": dt.date(2009, 9, 20) if national else None,
    }


def _tax_id(number: int) -> str:
    """The number-th eight digits under 00001000 with a right check digit: nobody's."""
    found = 0
    for digits in range(100, 1000):
        text = f"{digits:08}"
        try:
            identifiers.check_tax_id(text)
        except ValueError:
            continue
        found += not identifiers.is_new_range_tax_id(text)
        if found == number:
            return text
    raise ValueError("no number left")


def _board(world: World, place: Place, organisation: Organisation, number: int, actor: Actor) -> None:
    """The office holders: a chair with an account, a secretary and an accountant on paper."""
    ends = LAST_DAY + dt.timedelta(days=place.term_left)
    begins = ends.replace(year=ends.year - 3) + dt.timedelta(days=1)
    named = {office: (username, name) for username, (name, word, office) in MEMBERS.items() if word == place.word}
    username, name = named.get("chairperson", (f"chair-{number:02}", f"{SURNAMES[number % len(SURNAMES)]}示範"))
    world.chairs[place.word] = world.account(username, name)
    holders = [
        (Office.CHAIRPERSON, name, world.chairs[place.word]),
        (Office.EXECUTIVE_SECRETARY, f"{SURNAMES[(number + 7) % len(SURNAMES)]}示範", None),
        (Office.ACCOUNTANT, f"{SURNAMES[(number + 13) % len(SURNAMES)]}示範", None),
    ]
    if "staff" in named:
        username, name = named["staff"]
        world.staff[place.word] = world.users.get(username) or world.account(username, name)
        holders.append((Office.STAFF, name, world.staff[place.word]))
    if number == 1:
        _former_people(organisation, actor)
    for office, name, user in holders:
        phone = f"0900-{number:03}-{len(office):03}"
        terms.record_term(
            actor,
            organisation,
            office=office,
            person_name=name,
            valid_from=begins,
            valid_to=ends,
            user=user,
            board_term_number=3 + number % 4,
            phone=phone,
        )


def _former_people(organisation: Organisation, actor: Actor) -> None:
    """People whose telephones are kept longer than they may be: two since before the portal, one from May on."""
    ended = (dt.date(2001, 12, 31), dt.date(2003, 12, 31), dt.date(2005, 5, 10))
    for place, last_day in enumerate(ended, start=1):
        terms.record_term(
            actor,
            organisation,
            office=Office.ACCOUNTANT,
            person_name=f"前示範{'甲乙丙'[place - 1]}",
            valid_from=last_day.replace(year=last_day.year - 1),
            valid_to=last_day,
            phone=f"0900-000-{place:03}",
        )


def evaluate_98(world: World, county: str) -> Round:
    """The county's evaluation of 98, at its end: one judge each, closed by the officer, published by the head, who
    proposes tiers.
    """
    officer, today = world.of(county, "officer"), clock.today()
    round_ = open_round(officer, county, 2009, Terms(Days(today, today, today), decimals=0))
    letters = {place.name: place.tiers[0] for place in PLACES if place.tiers}
    entries = list(round_.entries.select_related("organisation"))
    judges = (world.users["reviewer-1"], officer)
    for place, judge in enumerate(judges):
        assign(officer, round_, entries[place :: len(judges)], [judge])
    for sheet in _sheets(round_):
        _score(sheet, BANDS[letters[sheet.entry.organisation.name].upper()] + sheet.entry_id % 7)
    closed, head = publishing.close(officer, round_), world.of(county, "head")
    # Of one the judges talked once more.
    entry = closed.entries.select_related("round", "organisation").earliest("pk")
    talked = propose_total(officer, entry, (total_of(entry) or Decimal()) + 1, _("委員補看會議紀錄後一致同意。"))
    confirm(head, talked)
    return publishing.publish(head, closed)


def open_99(world: World, county: str) -> None:
    """The evaluation of 99 has begun: in Miaoli with three judges, one of whom stays away from one association, in Kaohsiung
    with two. Every second association is judged, one has an outlier, some have written their difficulties.
    """
    officer = world.of(county, "officer")
    days = Days(dt.date(2010, 6, 30), dt.date(2010, 7, 31), dt.date(2010, 8, 15))
    round_ = open_round(officer, county, 2010, Terms(days))
    words = {organisation.pk: word for word, organisation in world.organisations.items()}
    entries = list(round_.entries.select_related("organisation"))
    for place, entry in enumerate(entries[::3]):
        text, themes = DIFFICULTIES[place % len(DIFFICULTIES)]
        tell_difficulties(world.chairs[words[entry.organisation_id]], entry, text, themes)
    for entry in entries:
        if (word := words[entry.organisation_id]) in ASSESSED:
            _assess(world.chairs[word], entry, ASSESSED[word])
    judges = [world.users[f"reviewer-{number}"] for number in range(1, 4 if county == MIAOLI else 3)]
    assign(officer, round_, entries, judges)
    judged = [entry.pk for entry in entries[1::2]]
    for sheet in _sheets(round_):
        place = judges.index(sheet.judge)
        if sheet.entry_id in judged:
            _score(sheet, 58 + sheet.entry_id * 5 % 30 + place * 2 + 12 * (place == 2 and sheet.entry_id == judged[0]))
        elif sheet.entry_id == entries[0].pk and place == len(judges) - 1:
            declare(sheet.judge, sheet, conflict=True, note=_("曾任這個協會的顧問"))


def _assess(chair: User, entry: Entry, percent: int) -> None:
    """What an association says of itself: points and words, a paper at the first indicator."""
    said = {
        indicator.pk: Said(
            Decimal(indicator.points * percent // 50) / 2,
            _("資料放在活動中心，委員來時可以看。"),
            paper("會議紀錄") if place == 0 else None,
        )
        for place, indicator in enumerate(entry.round.indicators.all())
    }
    assess(chair, entry, said, edition=entry.own_edition)


def _sheets(round_: Round) -> list[Sheet]:
    rows = Sheet.objects.filter(entry__round=round_).select_related("entry__round", "entry__organisation", "judge")
    return list(rows.order_by("entry", "pk"))


def _score(sheet: Sheet, percent: int) -> None:
    """Submit points of about `percent` of each indicator, as much over as under; they add up to `percent`."""
    points, given, points_so_far = {}, 0, 0
    for indicator in sheet.entry.round.indicators.all():
        points_so_far += indicator.points
        points[indicator.pk] = Decimal(points_so_far * percent // 100 - given)
        given += int(points[indicator.pk])
    if declare(sheet.judge, sheet, conflict=False).interest == Interest.NONE:
        submit(sheet.judge, save(sheet.judge, sheet, Marks(points, _("資料齊全，幹部說明清楚。")), edition=0))


def propose_tiers(world: World, year: int) -> None:
    """The case officers propose the tiers of a year (AD) by the letters of `places`."""
    for place in PLACES:
        if place.tiers:
            tier = LETTERS[place.tiers[year - 2009].upper()]
            tiers.propose_tier(
                world.of(place.county, "officer"),
                world.organisations[place.word],
                year=year,
                tier=tier,
                basis=TierBasis.DECISION,
                reason=REASONS[tier],
                what_would_lift=LIFTS[tier],
            )


def confirm_tiers(world: World, year: int) -> None:
    """The approvers confirm what was proposed, but for the small letters, which wait."""
    for county in (KAOHSIUNG, MIAOLI):
        words = [p.word for p in PLACES if p.county == county and p.tiers and p.tiers[year - 2009].isupper()]
        for word in words:
            proposed = world.organisations[word].tier_decisions.get(year=year, status="proposed")
            tiers.decide_tier(world.of(county, "head"), proposed, confirm=True, note="")


def send_results(world: World) -> None:
    """The results of the evaluation of 98 go out; two letters a county are left to be issued."""
    for county, word in ((KAOHSIUNG, "府社區字"), (MIAOLI, "府社行字")):
        drafted = Letter.objects.filter(county=county, kind=LetterKind.TIER, status=LetterStatus.DRAFT)
        for place, letter in enumerate(drafted.order_by("pk")[2:], 1):
            number = f"{word}第{roc_year(clock.today().year):03}{900 + place:07}號"
            dispatch.issue(world.of(county, "officer"), letter, dispatch_number=number, dispatched_on=clock.today())
