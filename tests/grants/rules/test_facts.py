"""Reading facts strictly: a blank is no zero, a wrong key or type names the case and the key."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest

from grants.rules import catalogue, facts, readers
from tests.grants.rules.build import ORGANISATION, PROJECT, case, line

GOOD = {"id": "a case", "submitted_on": "2010-03-15", "organisation": ORGANISATION, "project": PROJECT, "lines": []}


def with_line(**values):
    return {**GOOD, "lines": [{"id": "1", "item": "printing", "requested": 1, **values}]}


REFUSED = [
    ({**GOOD, "colour": "red"}, "colour", "unknown key"),
    ({**GOOD, "organisation": {**ORGANISATION, "colour": 1}}, "organisation.colour", "unknown key"),
    ({**GOOD, "organisation": {**ORGANISATION, "kind": "club"}}, "organisation.kind", "unknown value 'club'"),
    (
        {**GOOD, "organisation": {**ORGANISATION, "nonprofit": "yes"}},
        "organisation.nonprofit",
        "true or false is needed",
    ),
    (
        {**GOOD, "organisation": {**ORGANISATION, "manpower_grant": "maybe"}},
        "organisation.manpower_grant",
        "unknown value 'maybe'",
    ),
    (
        {**GOOD, "organisation": {**ORGANISATION, "last_service_on": "15/3/2007"}},
        "organisation.last_service_on",
        "a date such as 2010-03-15 is needed",
    ),
    (
        {**GOOD, "organisation": {**ORGANISATION, "applications_this_year": -1}},
        "organisation.applications_this_year",
        "a whole number of 0 or more is needed",
    ),
    ({**GOOD, "organisation": {"county": "高雄縣"}}, "organisation", "a key is missing: kind"),
    ({**GOOD, "organisation": []}, "organisation", "an object is needed"),
    ({**GOOD, "project": {**PROJECT, "programme": "party"}}, "project.programme", "unknown programme 'party'"),
    ({**GOOD, "project": {**PROJECT, "colour": "red"}}, "project.colour", "unknown key"),
    ({**GOOD, "project": {**PROJECT, "elders": "30"}}, "project.elders", "a whole number of 0 or more is needed"),
    ({**GOOD, "project": {**PROJECT, "elders": 30.5}}, "project.elders", "a whole number of 0 or more is needed"),
    ({**GOOD, "project": {**PROJECT, "service_area": "旗山鎮"}}, "project.service_area", "a list is needed"),
    ({**GOOD, "project": {**PROJECT, "service_area": [1]}}, "project.service_area[0]", "text is needed"),
    ({**GOOD, "project": {**PROJECT, "users": [{"age": 30, "name": "甲"}]}}, "project.users[0].name", "unknown key"),
    (
        {**GOOD, "project": {**PROJECT, "users": [{"age": "30"}]}},
        "project.users[0].age",
        "a whole number of 0 or more is needed",
    ),
    ({**GOOD, "project": {**PROJECT, "activity": "party"}}, "project.activity", "unknown value 'party'"),
    (
        {**GOOD, "project": {**PROJECT, "starts_on": 20100401}},
        "project.starts_on",
        "a date such as 2010-03-15 is needed",
    ),
    (
        {**GOOD, "project": {**PROJECT, "starts_on": "2010-02-31"}},
        "project.starts_on",
        "a date such as 2010-03-15 is needed",
    ),
    (
        {**GOOD, "project": {**PROJECT, "starts_on": "20100401"}},
        "project.starts_on",
        "a date such as 2010-03-15 is needed",
    ),
    (with_line(item="caviar"), "lines[0].item", "unknown item 'caviar'"),
    (with_line(item=5), "lines[0].item", "unknown item 5"),
    (with_line(requested="5"), "lines[0].requested", "a whole number of 0 or more is needed"),
    (with_line(requested=-5), "lines[0].requested", "a whole number of 0 or more is needed"),
    (with_line(requested=5.5), "lines[0].requested", "a whole number of 0 or more is needed"),
    (with_line(requested=True), "lines[0].requested", "a whole number of 0 or more is needed"),
    (with_line(hours="6"), "lines[0].hours", "a number is needed"),
    (with_line(hours=-1), "lines[0].hours", "a number of 0 or more is needed"),
    (with_line(hours=float("nan")), "lines[0].hours", "a number is needed"),
    (with_line(hours=float("inf")), "lines[0].hours", "a number is needed"),
    (with_line(hours=True), "lines[0].hours", "a number is needed"),
    (with_line(month="2010-13"), "lines[0].month", "a month such as 2010-03 is needed"),
    (with_line(month="2010-3"), "lines[0].month", "a month such as 2010-03 is needed"),
    (with_line(month="3010-03"), "lines[0].month", "a month such as 2010-03 is needed"),
    (with_line(in_house="no"), "lines[0].in_house", "true or false is needed"),
    (with_line(children=[{"age": 4, "weight": 16}]), "lines[0].children[0].weight", "unknown key"),
    (with_line(children={"age": 4}), "lines[0].children", "a list is needed"),
    (with_line(colour="red"), "lines[0].colour", "unknown key"),
    (with_line(id=True), "lines[0].id", "text is needed"),
    ({**GOOD, "lines": [{"item": "printing"}]}, "lines[0]", "a key is missing: id"),
    (
        {**GOOD, "lines": [{"id": 1, "item": "printing"}, {"id": "1", "item": "printing"}]},
        "lines[1].id",
        "this id is used twice",
    ),
    ({**GOOD, "lines": {}}, "lines", "a list is needed"),
    ({**GOOD, "stage": "later"}, "stage", "unknown value 'later'"),
    ({**GOOD, "submitted_on": "soon"}, "submitted_on", "a date such as 2010-03-15 is needed"),
    ({k: v for k, v in GOOD.items() if k != "submitted_on"}, "case", "a key is missing: submitted_on"),
    (
        {**GOOD, "elsewhere": {"person_months": [{"person": "甲", "month": "2010-03"}]}},
        "elsewhere.person_months[0]",
        "a key is missing: amount",
    ),
    (
        {**GOOD, "elsewhere": {"person_months": [{"item": "caviar"}]}},
        "elsewhere.person_months[0].item",
        "unknown item 'caviar'",
    ),
    (
        {**GOOD, "elsewhere": {"community_aides": 1.5}},
        "elsewhere.community_aides",
        "a whole number of 0 or more is needed",
    ),
]


@pytest.mark.parametrize(("values", "key", "reason"), REFUSED, ids=[key for _, key, _ in REFUSED])
def test_refused_with_the_case_the_key_and_the_reason(values, key, reason):
    with pytest.raises(facts.FactError) as refused:
        facts.from_dict(values)
    assert (refused.value.key, refused.value.case, refused.value.reason) == (key, "a case", reason)
    assert str(refused.value) == f"case a case: {key}: {reason}"


@pytest.mark.parametrize("values", [[], {k: v for k, v in GOOD.items() if k not in ("id", "submitted_on")}])
def test_without_an_id_no_case_is_named(values):
    with pytest.raises(facts.FactError) as refused:
        facts.from_dict(values)
    assert (refused.value.key, refused.value.case) == ("case", "")


def test_a_date_may_be_a_date():
    assert facts.from_dict({**GOOD, "submitted_on": dt.date(2010, 3, 15)}) == facts.from_dict(GOOD)


def test_nulls_are_blanks_and_defaults_stand():
    read = facts.from_dict(with_line(requested=None, hours=None, own_funds=None))
    assert (read.lines[0].requested, read.lines[0].number("hours"), read.lines[0].own_funds) == (None, None, 0)
    assert (read.organisation.nonprofit, read.organisation.manpower_grant, read.stage) == (True, "none", "submission")
    assert (read.project.documents, dict(read.project.answers), read.elsewhere.same_programme) == (None, {}, None)


def test_halves_are_exact():
    read = facts.from_dict(with_line(item="lecturer_fee", hours=1.5, in_house=False)).lines[0]
    assert read.number("hours") == Fraction(3, 2)
    assert type(facts.from_dict(with_line(hours=2.0)).lines[0].number("hours")) is int


def test_ids_may_be_numbers():
    assert facts.from_dict(with_line(id=7)).lines[0].id == "7"


@pytest.mark.parametrize(
    ("number", "exact"),
    [
        (None, None),
        (3, 3),
        ("1.5", Fraction(3, 2)),
        (Decimal("2.0"), 2),
        (0.1, Fraction(1, 10)),
        (Fraction(4, 2), 2),
        (Fraction(1, 3), Fraction(1, 3)),
    ],
)
def test_quantity(number, exact):
    assert readers.quantity(number) == exact


@pytest.mark.parametrize("number", [True, "six", "", [], float("nan")])
def test_no_quantity(number):
    with pytest.raises(ValueError, match=r"^a number is needed$"):
        readers.quantity(number)


def test_facts_are_frozen():
    with pytest.raises(AttributeError):
        case().stage = "draft"


def test_what_is_stored_leaves_out_blanks_and_defaults_alone():
    asked = case(line("lecturer_fee", 800, hours=1.5, in_house=False, own_funds=0), elders=0, documents=["photos"])
    assert facts.to_dict(asked) == {
        "id": "case",
        "submitted_on": "2010-03-15",
        "stage": "submission",
        "organisation": {"kind": "community_association", "county": "高雄縣", "township": "旗山鎮"},
        "project": {
            "programme": "growth_prevention",
            "starts_on": "2010-04-01",
            "ends_on": "2010-09-30",
            "service_area": ["旗山鎮"],
            "documents": ["photos"],
            "elders": 0,
        },
        "lines": [{"id": "1", "item": "lecturer_fee", "requested": 800, "hours": 1.5, "in_house": False}],
        "elsewhere": {},
    }
    nameless = facts.from_dict({**facts.to_dict(asked), "id": None, "elsewhere": {"community_aides": 2}, "lines": []})
    stored = facts.to_dict(nameless)
    assert ("id" in stored, "lines" in stored, stored["elsewhere"]) == (False, False, {"community_aides": 2})
    assert facts.from_dict(stored) == nameless


def test_round_trip_of_everything():
    every = {
        "organisation": {
            "last_service_on": "2009-01-01",
            "bars": [{"starts_on": "2011-01-01", "ends_on": "2012-12-31", "decision": "x"}],
            "barred_next_time": True,
            "late_settlements": 2,
            "tier": "excellent",
            "profile_updated_on": "2010-01-01",
            "nonprofit": False,
            "manpower_grant": "pending",
            "applications_this_year": 1,
        },
        "documents": [],
        "title": "標題",
        "text": "內容",
        "elders": 0,
        "users": [{"age": 30, "indigenous": True}],
        "residents": [{"assessed_on": "2010-01-01", "lives_alone": False}],
        "class_hours_per_week": 20.5,
        "course": False,
        "plan_parts": ["map"],
        "consent_until": "2013-01-01",
        "elsewhere": {
            "community_aides": 1,
            "same_programme": 0,
            "person_months": [{"person": "甲", "month": "2010-05", "amount": 1}],
        },
    }
    lines = [
        line(
            "child_carer", 0, children=[{"age": 1, "own": True}, {"age": 2, "special_needs": True}], hours_per_day=1.5
        ),
        line("lecturer_fee", None, in_house=False, hours=0, used_on="2010-05-01", employment=False),
    ]
    everything = case(*lines, **every)
    assert facts.from_dict(facts.to_dict(everything)) == everything
    assert everything.organisation.bars == (facts.Bar(dt.date(2011, 1, 1), dt.date(2012, 12, 31), "x"),)


def refusal(read, value):
    with pytest.raises(facts.FactError) as refused:
        read("key", value)
    return refused.value.key, refused.value.reason


class TestReaders:
    """The readers are made while the module is imported; here they are made again."""

    def test_one_of(self):
        read = readers.one_of("a", "b")
        assert [read("key", value) for value in "ab"] == ["a", "b"]
        assert refusal(read, "c") == ("key", "unknown value 'c'")
        assert refusal(read, ["a"]) == ("key", "unknown value ['a']")

    def test_a_list_of_them(self):
        read = readers.list_of(readers.one_of("a", "b"))
        assert (read("key", ["a", "b"]), read("key", ()), read("key", ("b",))) == (("a", "b"), (), ("b",))
        assert refusal(read, ["a", "c"]) == ("key[1]", "unknown value 'c'")
        assert refusal(read, "a") == ("key", "a list is needed")

    def test_a_record(self):
        read = readers.record(facts.PersonMonth, person=readers.text, month=readers.month, amount=readers.whole)
        record = {"person": "甲", "month": "2010-05", "amount": 0}
        assert read("key", record) == facts.PersonMonth("甲", "2010-05", 0)
        assert refusal(read, [record]) == ("key", "an object is needed")
        assert refusal(read, {**record, "colour": 1}) == ("key.colour", "unknown key")
        assert refusal(read, {**record, "amount": "1"}) == ("key.amount", "a whole number of 0 or more is needed")
        assert refusal(read, {"person": "甲", "month": None}) == ("key", "a key is missing: month, amount")

    @pytest.mark.parametrize(
        ("kind", "more", "value", "read", "refused"),
        [
            ("choice", {"choices": (("a", "甲"), ("b", "乙"))}, "b", "b", "c"),
            ("choices", {}, ["a", "自己寫的"], ("a", "自己寫的"), [1]),
            ("text", {}, "字", "字", 1),
            ("int", {}, 3, 3, 1.5),
            ("number", {}, 1.5, Fraction(3, 2), "1"),
            ("bool", {}, False, False, 0),
            ("date", {}, "2010-03-15", dt.date(2010, 3, 15), "99/3/15"),
            ("list", {"columns": (("age", "年齡", "int"),)}, [{"age": 3}], ({"age": 3},), [{"weight": 3}]),
        ],
    )
    def test_answers_by_the_type_of_their_question(self, kind, more, value, read, refused):
        reader = facts._answer_reader(catalogue.Question("key", "?", "", kind, "K1", **more))
        assert reader("key", value) == read
        refusal(reader, refused)
