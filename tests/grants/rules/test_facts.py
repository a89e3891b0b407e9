"""Reading facts strictly: a blank is no zero, a wrong key or type names the case and the key."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest

from grants.rules import catalogue, facts
from tests.grants.rules.build import ORGANISATION, PROJECT, case, line

GOOD = {"id": "a case", "submitted_on": "2010-03-15", "organisation": ORGANISATION, "project": PROJECT, "lines": []}


def with_line(**told):
    return {**GOOD, "lines": [{"id": "1", "item": "printing", "requested": 1, **told}]}


REFUSED = [
    ({**GOOD, "colour": "red"}, "colour"),
    ({**GOOD, "organisation": {**ORGANISATION, "colour": 1}}, "organisation.colour"),
    ({**GOOD, "organisation": {**ORGANISATION, "kind": "club"}}, "organisation.kind"),
    ({**GOOD, "organisation": {**ORGANISATION, "nonprofit": "yes"}}, "organisation.nonprofit"),
    ({**GOOD, "organisation": {**ORGANISATION, "manpower_grant": "maybe"}}, "organisation.manpower_grant"),
    ({**GOOD, "organisation": {**ORGANISATION, "last_service_on": "15/3/2007"}}, "organisation.last_service_on"),
    ({**GOOD, "organisation": {**ORGANISATION, "applications_this_year": -1}}, "organisation.applications_this_year"),
    ({**GOOD, "organisation": {"county": "高雄縣"}}, "organisation"),
    ({**GOOD, "organisation": []}, "organisation"),
    ({**GOOD, "project": {**PROJECT, "programme": "party"}}, "project.programme"),
    ({**GOOD, "project": {**PROJECT, "colour": "red"}}, "project.colour"),
    ({**GOOD, "project": {**PROJECT, "elders": "30"}}, "project.elders"),
    ({**GOOD, "project": {**PROJECT, "elders": 30.5}}, "project.elders"),
    ({**GOOD, "project": {**PROJECT, "service_area": "旗山鎮"}}, "project.service_area"),
    ({**GOOD, "project": {**PROJECT, "service_area": [1]}}, "project.service_area[0]"),
    ({**GOOD, "project": {**PROJECT, "users": [{"age": 30, "name": "甲"}]}}, "project.users[0].name"),
    ({**GOOD, "project": {**PROJECT, "users": [{"age": "30"}]}}, "project.users[0].age"),
    ({**GOOD, "project": {**PROJECT, "activity": "party"}}, "project.activity"),
    ({**GOOD, "project": {**PROJECT, "starts_on": 20100401}}, "project.starts_on"),
    ({**GOOD, "project": {**PROJECT, "starts_on": "2010-02-31"}}, "project.starts_on"),
    ({**GOOD, "project": {**PROJECT, "starts_on": "20100401"}}, "project.starts_on"),
    (with_line(item="caviar"), "lines[0].item"),
    (with_line(item=5), "lines[0].item"),
    (with_line(requested="5"), "lines[0].requested"),
    (with_line(requested=-5), "lines[0].requested"),
    (with_line(requested=5.5), "lines[0].requested"),
    (with_line(requested=True), "lines[0].requested"),
    (with_line(hours="6"), "lines[0].hours"),
    (with_line(hours=-1), "lines[0].hours"),
    (with_line(hours=float("nan")), "lines[0].hours"),
    (with_line(hours=float("inf")), "lines[0].hours"),
    (with_line(hours=True), "lines[0].hours"),
    (with_line(month="2010-13"), "lines[0].month"),
    (with_line(month="2010-3"), "lines[0].month"),
    (with_line(month="3010-03"), "lines[0].month"),
    (with_line(in_house="no"), "lines[0].in_house"),
    (with_line(children=[{"age": 4, "weight": 16}]), "lines[0].children[0].weight"),
    (with_line(children={"age": 4}), "lines[0].children"),
    (with_line(colour="red"), "lines[0].colour"),
    (with_line(id=True), "lines[0].id"),
    ({**GOOD, "lines": [{"item": "printing"}]}, "lines[0]"),
    ({**GOOD, "lines": [{"id": 1, "item": "printing"}, {"id": "1", "item": "printing"}]}, "lines[1].id"),
    ({**GOOD, "lines": {}}, "lines"),
    ({**GOOD, "stage": "later"}, "stage"),
    ({**GOOD, "submitted_on": "soon"}, "submitted_on"),
    ({k: v for k, v in GOOD.items() if k != "submitted_on"}, "case"),
    ({**GOOD, "elsewhere": {"person_months": [{"person": "甲", "month": "2010-03"}]}}, "elsewhere.person_months[0]"),
    ({**GOOD, "elsewhere": {"person_months": [{"item": "caviar"}]}}, "elsewhere.person_months[0].item"),
    ({**GOOD, "elsewhere": {"community_aides": 1.5}}, "elsewhere.community_aides"),
]


@pytest.mark.parametrize(("told", "key"), REFUSED, ids=[key for _, key in REFUSED])
def test_refused_with_the_case_and_the_key(told, key):
    with pytest.raises(facts.FactError) as refused:
        facts.from_dict(told)
    assert (refused.value.key, refused.value.case) == (key, "a case")
    assert str(refused.value).startswith(f"case a case: {key}: ")


def test_not_an_object():
    with pytest.raises(facts.FactError):
        facts.from_dict([])


def test_nulls_are_blanks_and_defaults_stand():
    read = facts.from_dict(with_line(requested=None, hours=None, own_funds=None))
    assert (read.lines[0].requested, read.lines[0].hours, read.lines[0].own_funds) == (None, None, 0)
    assert (read.organisation.nonprofit, read.organisation.manpower_grant, read.stage) == (True, "none", "submission")
    assert (read.project.documents, dict(read.project.answers), read.elsewhere.same_programme) == (None, {}, None)


def test_halves_are_exact():
    read = facts.from_dict(with_line(item="lecturer_fee", hours=1.5, in_house=False)).lines[0]
    assert read.hours == Fraction(3, 2)
    assert type(facts.from_dict(with_line(hours=2.0)).lines[0].hours) is int


def test_ids_may_be_numbers():
    assert facts.from_dict(with_line(id=7)).lines[0].id == "7"


@pytest.mark.parametrize(
    ("told", "exact"),
    [(None, None), (3, 3), ("1.5", Fraction(3, 2)), (Decimal("2.0"), 2), (0.1, Fraction(1, 10)), (Fraction(4, 2), 2)],
)
def test_quantity(told, exact):
    assert facts.quantity(told) == exact


@pytest.mark.parametrize("told", [True, "six", "", [], float("nan")])
def test_no_quantity(told):
    with pytest.raises(ValueError, match="number"):
        facts.quantity(told)


def test_facts_are_frozen():
    with pytest.raises(AttributeError):
        case().stage = "draft"


def test_round_trip_of_everything():
    every = {
        "organisation": {
            "last_service_on": "2009-01-01", "bars": [{"starts_on": "2011-01-01", "ends_on": "2012-12-31", "decision": "x"}],
            "barred_next_time": True, "late_settlements": 2, "tier": "excellent", "profile_updated_on": "2010-01-01",
            "nonprofit": False, "manpower_grant": "pending", "applications_this_year": 1,
        },
        "documents": [], "title": "標題", "text": "內容", "elders": 0, "users": [{"age": 30, "indigenous": True}],
        "residents": [{"assessed_on": "2010-01-01", "lives_alone": False}], "class_hours_per_week": 20.5, "course": False,
        "plan_parts": ["map"], "consent_until": "2013-01-01",
        "elsewhere": {"community_aides": 1, "same_programme": 0, "person_months": [{"person": "甲", "month": "2010-05", "amount": 1}]},
    }  # fmt: skip
    lines = [
        line(
            "child_carer", 0, children=[{"age": 1, "own": True}, {"age": 2, "special_needs": True}], hours_per_day=1.5
        ),
        line("lecturer_fee", None, in_house=False, hours=0, used_on="2010-05-01", employment=False),
    ]
    told = case(*lines, **every)
    assert facts.from_dict(facts.to_dict(told)) == told
    assert told.organisation.bars == (facts.Bar(dt.date(2011, 1, 1), dt.date(2012, 12, 31), "x"),)


class TestCatalogue:
    def test_items_stand_in_the_groups_of_the_regulation(self):
        groups = catalogue.items_by_group()
        assert [code for code, _, _ in groups] == ["pay", "operations", "travel", "materials", "equipment", "admin"]
        assert sum(len(items) for _, _, items in groups) == len(catalogue.items()) == 33

    def test_programmes_in_order(self):
        assert list(catalogue.programmes()) == [
            "welfare_survey", "elder_care_station", "disability_day_care", "rental_housing", "child_day_care",
            "after_school_care", "family_services", "growth_prevention", "disaster_preparedness", "culture_preservation",
            "indigenous_culture", "community_vitality", "community_activities", "space_improvement", "local_industry",
        ]  # fmt: skip
        assert [p.order for p in catalogue.programmes().values()] == list(range(1, 16))

    def test_every_quantity_and_detail_is_a_fact_of_a_line(self):
        for item in catalogue.items().values():
            for quantity in item.quantities + item.details:
                assert quantity.key in facts.Line.__dataclass_fields__
                assert quantity.label

    def test_every_clause_named_is_in_the_law(self):
        from grants.rules.ruleset import load

        known = {**load("kaohsiung_88").clauses, **load("miaoli").clauses}
        named = {q.clause for q in catalogue.questions().values()} | {d.clause for d in catalogue.documents().values()}
        named |= {i.clause for i in catalogue.items().values()}
        # The heading of an item or a programme stands for the clauses under it.
        heads = {head for clause in known for head in (clause, clause.rsplit(".", 1)[0], clause.rstrip("abc"))}
        assert {clause for clause in named if clause not in heads} == set()

    def test_documents_asked_for(self):
        def codes(**more):
            return [d.code for d in catalogue.documents_for(case(**more))]

        assert codes() == ["application_form", "registration_certificate"]
        course = ["timetable", "lecturer_resume", "syllabus", "action_plan"]
        assert codes(course=True) == ["application_form", "registration_certificate", *course]
        assert codes(land_use=True)[-1] == "land_consent"
        assert codes(programme="rental_housing")[-1] == "care_assessment"
        assert "service_proof" in codes(organisation={"kind": "national_nonprofit"})
        assert "registration_certificate" not in codes(organisation={"kind": "national_nonprofit"})

    @pytest.mark.parametrize("programme", ["welfare_services", "flagship", "activity_centre"])
    def test_the_plan_of_miaoli_names_no_papers(self, programme):
        told = case(line("lecturer_fee", 800, hours=1, in_house=False), line("site_materials", 9), programme=programme)
        assert catalogue.documents_for(told) == ()

    def test_papers_of_a_law_are_those_before_settlement(self):
        assert catalogue.filing_papers("miaoli") == ()
        codes = [d.code for d in catalogue.filing_papers("kaohsiung_88")]
        assert (codes[0], codes[-1], len(codes)) == ("application_form", "care_assessment", 9)
