"""Cases that break something, for tests that read what is said of them."""

from collections.abc import Iterator

from grants.rules.facts import Case
from tests.grants.rules.build import case, line, ruling

PERSON = {"person": "甲", "month": "2010-05"}
AIDE = {"persons": 1, "hours_per_day": 5, "days": 20}
CHILDREN = [{"age": 7, "special_needs": True}, {"age": 6}, {"age": 1}, {"age": 2}, {"age": 0}, {"age": 4, "own": True}]
STATION = {"programme": "elder_care_station"}
RENTAL = {"programme": "rental_housing"}
TUTOR = line("after_school_tutor", 99999, hours=100, **PERSON)
CASUAL = line("casual_pay", 10000, hours=200, **PERSON)


def elders():
    everything = {
        "sessions_per_week": 0,
        "hours_per_session": 3,
        "visits_per_month": 0,
        "meal_days_per_week": 4,
        "lunch_and_dinner": False,
        "user_fee_monthly": 100,
        "meal_fee_low": 0,
        "meal_fee_middle": 0,
        "meal_fee_general": 0,
        "elders": 29,
    }
    yield "station", case(line("elder_aide", 40000, **{**AIDE, "persons": 5}), **STATION, **everything)
    yield "a month before filing", case(line("casual_pay", 95, hours=1, person="甲", month="2010-02"))
    yield "station, blank", case(line("elder_aide", None), **STATION, service_area=[], starts_on=None)
    yield (
        "station, long sessions",
        case(**STATION, hours_per_session=6),
        [ruling("reading.session_hours", "four_to_five")],
    )
    twice = [line("elder_aide", 100, persons=1, hours_per_day=h, days=5, **PERSON) for h in (3, 2)]
    yield "one aide on two lines", case(*twice, **STATION, elders=30, elsewhere={"community_aides": 4})
    yield (
        "below the wage",
        case(line("elder_aide", 400, **{**AIDE, "hours_per_day": 4, "days": 1}, month="2012-01", employment=True)),
    )


def day_care():
    centre = {
        "programme": "disability_day_care",
        "class_hours_per_week": 19,
        "users": [{"age": 30}] * 14,
        "ends_on": "2010-06-29",
    }
    aide = line("disability_aide", 99999, persons=2, hours_per_day=1, days=1)
    yield "day care", case(aide, **centre, organisation={"applications_this_year": 2})
    yield "day care, blank", case(aide, programme="disability_day_care", users=[{}])
    yield "day care, all blank", case(aide, programme="disability_day_care", ends_on=None)


def rental():
    resident = {"relocation_subsidy": True, "assessed_on": "2010-05-02", "moves_in_on": "2010-05-01"}
    rent = line("landlord_rent", 99999, persons=5, months=1.5)
    houses = [{"residents": 5, "rooms": 4}, {"rooms": 1}]
    lines = [rent, line("rental_supervision", 9999, persons=5, months=1), line("meals", 1), line("gas", 1)]
    yield "rental", case(*lines, **RENTAL, houses=houses, residents=[resident, {}], documents=[])
    yield (
        "rental, individual",
        case(**RENTAL, organisation={"kind": "individual", "nonprofit": False, "county": "苗栗縣"}),
    )


def children():
    carer = line("child_carer", 999999, children=CHILDREN, hours_per_day=11, days_per_week=6, days=20)
    yield "child care", case(carer, programme="child_day_care", training_hours=1)
    own = line("child_carer", 5, children=[{"age": 4, "own": True}], hours_per_day=1, days_per_week=5, days=1)
    yield "child care, own", case(own, line("child_carer", 1), programme="child_day_care")
    six = line("child_carer", 5, children=[{"age": 6}], hours_per_day=1, days_per_week=5, days=1)
    yield "child care, six", case(six, programme="child_day_care", training_hours=2)


def pupils():
    yield "pupils", case(TUTOR, programme="after_school_care", pupils=20, disadvantaged_pupils=9)
    yield "pupils, blank", case(line("after_school_tutor", 1), programme="after_school_care")
    yield "disasters", case(programme="disaster_preparedness")


def pay():
    yield "pay together", case(CASUAL, {**TUTOR, "requested": 10000})
    yield (
        "pay without names",
        case(
            line("casual_pay", 190000, hours=2000),
            line("casual_pay", 1, hours=1),
            starts_on="2011-01-01",
            ends_on="2011-01-31",
        ),
    )
    yield "pay without a month", case(line("casual_pay", 1, hours=1), ends_on=None)
    gap = {**CASUAL, "requested": 950, "hours": 10, "month": "2011-05", "employment": True}
    yield "gap to the wage", case(gap, {**gap, "own_funds": 30})


def fees():
    yield (
        "experts",
        case(
            line("expert_fee", 2001, sessions=1, person="甲"),
            line("lecturer_fee", 1601, hours=1, in_house=False, person="甲", plain_member=True),
        ),
    )
    yield "in-house", case(line("lecturer_fee", 802, hours=1, in_house=True), line("lecturer_fee", 1))


def overheads():
    yield (
        "labour and admin",
        case(line("hired_labour", 1601, days=2), line("admin_overhead", 1000), line("printing", 8000)),
    )
    yield (
        "admin, pending",
        case(line("admin_overhead", 5000), organisation={"manpower_grant": "pending", "applications_this_year": 1}),
    )
    yield "admin, granted", case(line("admin_overhead", 5000), organisation={"manpower_grant": "granted"})
    yield "admin twice", case(line("admin_overhead", 1), line("miscellaneous", 9999, description="網路費"))
    yield "blank amounts", case(line("printing", None), line("admin_overhead", None), line("miscellaneous", 1))


def other_items():
    yield (
        "script and film",
        case(line("script_fee", 9999, characters=1500, resident_author=False), line("film", 310001, seconds=1800)),
    )
    yield "fixed", case(line("expert_fee", 1999, sessions=1)), [ruling("reading.fixed_or_maximum", "fixed")]
    yield (
        "odd items",
        case(line("insurance", 1, insurance_kind="other"), line("gas", 1), line("course_materials", 1)),
    )
    hire = {"supplier": "甲行", "description": "音響"}
    yield "hired twice", case(line("equipment_hire", 1, **hire), line("equipment_rental", 1, **hire))
    yield "trips", case(line("participant_transport", 1201, trips=12, riders=5, days=2))


def principles():
    yield (
        "excluded",
        case(activity="entertainment_only", advertising=True, hired_show=True, cram_school=True, works_contract=True),
    )
    yield "words", case(line("printing", 1, description="廣告"), title="自強活動", text="發包")
    yield "course and land", case(course=True, land_use=True, consent_until="2013-03-14", documents=[])
    yield "land, strict", case(land_use=True, consent_until="2013-09-29")
    yield "land, blank", case(land_use=True, documents=["land_consent"])
    yield "twice", case(line("printing", 9, other_funds=5, unit_price=10), line("meals", 5, other_funds=1))
    yield "twice, ruled", case(line("meals", 5, other_funds=1)), [ruling("reading.duplicate", "forbid")]


def who_and_when():
    yield "elsewhere", case(service_area=["美濃鎮"], organisation={"kind": "church"})
    yield "strictly the area", case(service_area=["美濃鎮"]), [ruling("reading.area", "seven")]
    yield (
        "national",
        case(organisation={"kind": "national_nonprofit", "last_service_on": "2006-01-01"}, documents=[]),
    )
    yield "national, blank", case(organisation={"kind": "national_nonprofit"})
    yield "national, for profit", case(organisation={"kind": "national_nonprofit", "nonprofit": False})
    bars = [{"starts_on": "2010-01-01", "ends_on": "2011-12-31"}]
    yield "barred", case(organisation={"bars": bars, "barred_next_time": True, "late_settlements": 1})
    yield "late", case(submitted_on="2013-01-01", starts_on="2013-02-01", ends_on="2013-01-15")
    yield "too long", case(ends_on="2013-01-01", starts_on="2010-01-01")
    yield "early", case(submitted_on="2010-01-07")
    yield "wage unknown", case({**CASUAL, "month": "2005-01"})


def cases() -> Iterator[tuple[str, Case, list[dict]]]:
    """(what, case, rulings), in the order of messages.txt."""
    parts = (
        elders,
        day_care,
        rental,
        children,
        pupils,
        pay,
        fees,
        overheads,
        other_items,
        principles,
        who_and_when,
    )
    for part in parts:
        for what, the_case, *rulings in part():
            yield what, the_case, *(rulings or [[]])
