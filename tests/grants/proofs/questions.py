"""For each rule of 高雄縣's and 苗栗縣's law that judges a number: the question that is proven of it."""

from collections.abc import Mapping
from typing import Any

import z3

from grants.rules.facts import Case, Child, Elsewhere, PersonMonth
from grants.rules.findings import DAYS, HOURS
from tests.grants.proofs.facts import Sides, case_of, line_of
from tests.grants.proofs.proving import Question
from tests.grants.proofs.symbolic import Number, number

Numbers = Mapping[str, Any]
MONEY = ("requested", "own_funds", "other_funds", "unit_price")
# Readings that are the same for every cap in dollars: they are left open for one item of each kind.
CAPS = ("rounding.cap", "reading.cap_on", "reading.fixed_or_maximum")


def of_line(item: str, counted: str = "", also: Mapping[str, Any] | None = None, **more: Any) -> Question:
    """A question about one line: its amount against what it counts (a name with / is counted in halves)."""
    names = {name.strip("/"): 2 if name.endswith("/") else 1 for name in counted.split()}
    given = {name: more.pop(name) for name in ("person", "month", "employment") if name in more}
    numbers = {"requested": 1, **names, **more.pop("numbers", {})}

    def make(known: Numbers) -> Case:
        quantities = {name: value for name, value in known.items() if name not in MONEY}
        money = {name: value for name, value in known.items() if name in MONEY and name != "requested"}
        return case_of(line_of(item, known["requested"], quantities={**quantities, **(also or {})}, **money, **given))

    return Question(make, numbers, **{"more": tuple(names), **more})


def of_plan(programme: str, key: str, **more: Any) -> Question:
    """A question about one answer of the plan."""
    return Question(lambda known: case_of(programme=programme, **{key: known[key]}), {key: 1}, key, **more)


def plain(value: Any) -> Any:
    return number(value).whole


def aides(item: str, answer: str, served: Any) -> Question:
    """A question about how many aides a number of people have."""

    def make(known: Numbers) -> Case:
        line = line_of(item, 0, quantities={"persons": known["persons"], "hours_per_day": 1, "days": 1})
        here = {} if "elsewhere" not in known else {"elsewhere": Elsewhere(community_aides=known["elsewhere"])}
        return case_of(line, **here, **{answer: known.get(answer, served)})

    numbers = {"persons": 1, **({answer: 1} if served is None else {})}
    more = (answer,) if served is None else ()
    return Question(make, numbers, "persons", more, readings=("reading.ratio",))


def community() -> Question:
    def make(known: Numbers) -> Case:
        line = line_of("elder_aide", 0, quantities={"persons": known["persons"], "hours_per_day": 1, "days": 1})
        return case_of(line, elsewhere=Elsewhere(community_aides=known["elsewhere"]))

    return Question(make, {"persons": 1, "elsewhere": 1}, "persons")


def aide_hours() -> Question:
    """Two lines of a named aide in one month: the second may have what the first leaves of the day."""

    def make(known: Numbers) -> Case:
        both = [
            line_of(
                "elder_aide",
                0,
                name,
                {"persons": 1, "hours_per_day": known[key], "days": 20},
                person="甲",
                month="2010-05",
            )
            for name, key in (("1", "first"), ("2", "second"))
        ]
        return case_of(*both)

    def where(known: Numbers, sides: Sides) -> tuple[z3.BoolRef, ...]:
        most = sides.lenient["elder_aide.hours_per_day"].whole
        return (plain(known["first"]) <= most, plain(known["second"]) <= most, most <= 24)

    numbers = {"first": 1, "second": 1}
    return Question(
        make, numbers, "second", where=where, offer=lambda hit, known, sides: hit.suggested - known["first"]
    )


def share(item: str, reading: str) -> Question:
    """A question about a share of the whole: labour, administration."""

    def make(known: Numbers) -> Case:
        other = "admin_overhead" if item == "hired_labour" else "hired_labour"
        lines = [
            line_of(item, known["requested"]),
            line_of("printing", known["rest"], "2"),
            line_of(other, known["share"], "3"),
        ]
        return case_of(*lines)

    return Question(make, {"requested": 1, "rest": 1, "share": 1}, more=("rest",), readings=(reading,))


def admin_beside_grant() -> Question:
    def make(known: Numbers) -> Case:
        return case_of(line_of("admin_overhead", known["requested"]), organisation={"manpower_grant": "pending"})

    return Question(make, {"requested": 1}, readings=("reading.manpower",))


def wage() -> Question:
    """A person's pay of a month beside that of other lines and applications."""

    def make(known: Numbers) -> Case:
        month = "2010-05"
        others = (
            PersonMonth("甲", month, known["same"], "casual_pay"),
            PersonMonth("甲", month, known["apart"], "elder_aide"),
        )
        line = line_of("casual_pay", known["requested"], person="甲", month=month)
        return case_of(line, elsewhere=Elsewhere(others))

    return Question(make, {"requested": 1, "same": 1, "apart": 1}, readings=("reading.monthly_cap",))


def wage_of_several() -> Question:
    """Two people and two months on one line."""

    def make(known: Numbers) -> Case:
        line = line_of("casual_pay", known["requested"], people=("甲", "乙"), service_months=("2010-04", "2010-05"))
        return case_of(line)

    return Question(make, {"requested": 1})


def namesake() -> Question:
    def make(known: Numbers) -> Case:
        others = (PersonMonth("甲", "2010-05", known["theirs"], "casual_pay", case="99-1"),)
        return case_of(
            line_of("casual_pay", known["requested"], person="甲", month="2010-05"), elsewhere=Elsewhere(others)
        )

    def offer(hit: Any, known: Numbers, sides: Sides) -> Any:
        left = sides.wage("monthly", "2010-05") - known["theirs"]
        return Number(z3.If(left.whole > 0, left.whole, 0))

    return Question(make, {"requested": 1, "theirs": 1}, offer=offer)


def twice() -> Question:
    """Own and other funds within the cost: what is over by them alone no smaller request can mend."""

    def where(known: Numbers, sides: Sides) -> tuple[z3.BoolRef, ...]:
        return (plain(known["own_funds"]) + plain(known["other_funds"]) <= plain(known["unit_price"]),)

    return of_line(
        "printing",
        numbers={"own_funds": 1, "other_funds": 1, "unit_price": 1},
        more=("unit_price",),
        where=where,
        readings=("reading.duplicate",),
        about=lambda hit: hit.suggested is not None,
    )


def own_wage(item: str, counted: str) -> Question:
    """The text's rate below the statutory hour: what is missing is to come from own funds."""
    names = dict.fromkeys(counted.split(), 1)

    def make(known: Numbers) -> Case:
        quantities = {name: known[name] for name in names}
        line = line_of(item, 0, quantities=quantities, own_funds=known["own_funds"], month="2010-05", employment=True)
        return case_of(line)

    offer = lambda hit, known, sides: hit.over  # noqa: E731
    return Question(make, {"own_funds": 1, **names}, "own_funds", least=True, offer=offer)


def houses(rooms: bool = False) -> Question:
    def make(known: Numbers) -> Case:
        return case_of(programme="rental_housing", houses=(dict(known),))

    if not rooms:
        return Question(make, {"residents": 1}, "residents")
    offer = lambda hit, known, sides: known["residents"]  # noqa: E731
    return Question(make, {"residents": 1, "rooms": 1}, "rooms", least=True, offer=offer)


def disadvantaged() -> Question:
    def make(known: Numbers) -> Case:
        return case_of(programme="after_school_care", pupils=known["pupils"], disadvantaged_pupils=known["few"])

    def offer(hit: Any, known: Numbers, sides: Sides) -> Any:
        top, bottom = sides.strict["after_school.majority"]
        return -(-(known["pupils"] * top) // bottom)

    return Question(make, {"pupils": 1, "few": 1}, "few", least=True, offer=offer)


def joint() -> Question:
    def make(known: Numbers) -> Case:
        return case_of(line_of("printing", known["requested"]), project={"joint_total": known["shares"]})

    offer = lambda hit, known, sides: known["shares"]  # noqa: E731
    return Question(make, {"requested": 1, "shares": 1}, exactly=True, offer=offer)


def own_share() -> Question:
    """What the applicant bears of the whole cost: no offer is made, since the offer would move the whole."""

    def make(known: Numbers) -> Case:
        return case_of(line_of("printing", known["requested"], own_funds=known["own_funds"]))

    def offer(hit: Any, known: Numbers, sides: Sides) -> Any:
        top, bottom = sides.strict["subsidy.own_share"]
        return -(-(known["requested"] * top) // (bottom - top))

    return Question(make, {"requested": 1, "own_funds": 1}, "own_funds", least=True, offer=offer)


def carer(**more: Any) -> Question:
    """One child that is paid for with special needs, one without, one of the carer's own."""
    children = (Child(4), Child(3, special_needs=True), Child(5, own=True))
    return of_line("child_carer", "hours_per_day/ days/", {"children": children, "days_per_week": 5}, **more)


def carer_time(key: str, unit: str) -> Question:
    def make(known: Numbers) -> Case:
        quantities = {"children": (Child(4),), "hours_per_day": 8, "days_per_week": 5, "days": 1, **known}
        return case_of(line_of("child_carer", 0, quantities=quantities))

    return Question(make, {key: 2}, key, about=lambda hit: hit.unit == unit)


def child_age() -> Question:
    return Question(
        lambda known: case_of(line_of("child_carer", 0, quantities={"children": (Child(known["age"]),)})),
        {"age": 1},
        "age",
    )


def stations() -> dict[str, list[Question]]:
    station = "elder_care_station"
    at_least, at_most = (lambda hit: "至少" in hit.message), (lambda hit: "到" in hit.message)
    session = ("reading.session_hours",)
    hours = of_plan(station, "hours_per_session", least=True, about=at_least)
    longest = of_plan(station, "hours_per_session", about=at_most, readings=session)
    fees = [
        of_plan(station, f"meal_fee_{who}", exactly=True, about=lambda hit, who=who: hit.requested is not None)
        for who in ("low", "middle", "general")
    ]
    meals = of_plan(station, "meal_days_per_week", exactly=True, about=lambda hit: hit.fact == "meal_days_per_week")
    times = of_plan(
        station, "sessions_per_week", least=True, about=lambda hit: hit.fact == "sessions_per_week" and bool(hit.unit)
    )
    return {
        "chapter_3_programmes.station_sessions": [hours, longest, times],
        "chapter_3_programmes.monthly_visits": [of_plan(station, "visits_per_month", least=True)],
        "chapter_3_programmes.meal_days": [meals],
        "chapter_3_programmes.monthly_fee": [
            of_plan(station, "user_fee_monthly", least=True, readings=("reading.user_fees",))
        ],
        "chapter_3_programmes.meal_fees": fees,
    }


_PAID = {"persons": 2, "hours_per_day": 3, "days": 5}

QUESTIONS: dict[str, list[Question]] = {
    **stations(),
    "chapter_3_programmes.class_hours": [of_plan("disability_day_care", "class_hours_per_week", least=True)],
    "chapter_3_programmes.four_in_a_house": [houses()],
    "chapter_3_programmes.own_rooms": [houses(rooms=True)],
    "chapter_3_programmes.carers_training": [of_plan("child_day_care", "training_hours", least=True)],
    "chapter_3_programmes.mostly_disadvantaged": [disadvantaged()],
    "chapter_4_costs.expert_fee": [
        of_line("expert_fee", "sessions", readings=(reading,), numbers={"own_funds": 1}, more=("sessions",))
        for reading in CAPS
    ],
    "chapter_4_costs.lecturer_fee": [
        of_line("lecturer_fee", "hours/", {"in_house": True}, readings=CAPS[:1]),
        of_line("lecturer_fee", "hours/", {"in_house": False}),
    ],
    "chapter_4_costs.member_as_lecturer": [
        of_line("lecturer_fee", "hours/", {"in_house": False, "plain_member": True}, readings=("reading.in_house",)),
    ],
    "chapter_4_costs.disability_aide": [of_line("disability_aide", "persons hours_per_day/ days/")],
    "chapter_4_costs.elder_aide": [
        of_line("elder_aide", "persons hours_per_day/ days/"),
        of_line("elder_aide", "", _PAID, readings=("reading.below_statutory",), employment=True, month="2010-05"),
    ],
    # Up to the day's limit the rule of the hour judges: more hours lead from one rule to the other, and harm under neither.
    "chapter_4_costs.elder_aide_day": [of_line("elder_aide", "persons hours_per_day days", more=("persons", "days"))],
    "chapter_4_costs.child_carer": [carer(readings=("reading.child_rate",))],
    "chapter_4_costs.child_carer_time": [carer_time("hours_per_day", HOURS), carer_time("days_per_week", DAYS)],
    "chapter_4_costs.child_ages": [child_age()],
    "chapter_4_costs.after_school_tutor": [of_line("after_school_tutor", "hours/")],
    "chapter_4_costs.casual_pay": [of_line("casual_pay", "hours/", readings=("reading.fixed_or_maximum",))],
    "chapter_4_costs.casual_pay_below_statutory": [own_wage("casual_pay", "hours")],
    "chapter_4_costs.elder_aide_below_statutory": [own_wage("elder_aide", "persons hours_per_day days")],
    "chapter_4_costs.hired_labour": [of_line("hired_labour", "days/")],
    "chapter_4_costs.script_fee": [of_line("script_fee", "characters", readings=("reading.script_fee",))],
    "chapter_4_costs.film": [of_line("film", "seconds")],
    "chapter_4_costs.landlord_rent": [of_line("landlord_rent", "persons months/", readings=("reading.part_months",))],
    "chapter_4_costs.rental_supervision": [of_line("rental_supervision", "persons months/")],
    "chapter_4_costs.participant_transport": [of_line("participant_transport", "trips")],
    "chapter_4_costs.trips_a_day": [
        of_line(
            "participant_transport",
            "trips riders days/",
            judged="trips",
            more=("riders", "days"),
            readings=("reading.trips",),
        ),
    ],
    "chapter_4_sums.disability_aide_ratio": [
        aides("disability_aide", "users", ({},) * served) for served in (0, 1, 9, 10, 11, 25)
    ],
    "chapter_4_sums.elder_aide_ratio": [aides("elder_aide", "elders", None)],
    "chapter_4_sums.aides_per_community": [community()],
    "chapter_4_sums.aide_hours_over_lines": [aide_hours()],
    "chapter_4_sums.labour_share": [share("hired_labour", "reading.labour_base")],
    "chapter_4_sums.admin_share": [share("admin_overhead", "reading.admin_base")],
    "chapter_4_sums.film_per_case": [of_line("film", readings=("reading.film",))],
    "chapter_4_sums.admin_beside_manpower_grant": [admin_beside_grant()],
    "chapter_4_wages.monthly_wage": [wage(), wage_of_several()],
    "chapter_4_wages.namesakes": [namesake()],
    "chapter_4_wages.monthly_wage_unnamed": [of_line("elder_aide", "persons")],
    "chapter_5_principles.not_twice": [twice()],
    "plan.unit_cap": [of_line("meals", "quantity/")],
    "plan.case_cap": [of_line("printing")],
    "plan.own_share": [own_share()],
    "plan.shares_come_to_the_request": [joint()],
}

# Rules that judge days or count the rows of a list: nothing stands for any day, so each day or row of a bound is tried.
ONE_BY_ONE = {
    "chapter_2_eligibility.national_nonprofit": "every day of four years for the last service",
    "chapter_3_programmes.three_months": "every first day of a year, each end within four months",
    "chapter_3_programmes.fifteen_users": "12 to 18 users of each age from 10 to 70",
    "chapter_4_costs.child_carer_children": "1 to 8 children, of which 0 to all are two years old",
    "chapter_6_application.project_within_the_scheme": "every last day of two years",
    "chapter_6_application.filed_within_the_window": "every day of two years",
    "chapter_6_application.consent_of_three_years": "every day of five years",
}
