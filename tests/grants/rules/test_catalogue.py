"""The catalogue gives its rows on under their field names, each in its place."""

import pytest

import grants.rules.kaohsiung_88.programmes
import grants.rules.miaoli.programmes
from grants.rules import catalogue, facts, laws
from grants.rules.filed.tables import of_files
from grants.rules.kaohsiung_88.items import GROUPS, ITEMS, QUANTITIES
from grants.rules.kaohsiung_88.programmes import COMMON_QUESTIONS, DOCUMENTS, REVIEW_CRITERIA
from tests.grants.rules.build import ORGANISATION, PROJECT, case, line
from tests.grants.rules.filing_laws import SLUG, example, known, versions


def keys(rows):
    return " ".join(row.key for row in rows)


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.code)
def test_an_item_is_its_row(item):
    assert catalogue.items()[item.code] is item
    assert (keys(item.quantities), keys(item.details)) == (item.needed, item.asked)


def codes(**wanted):
    return [item.code for item in ITEMS for name, value in wanted.items() if getattr(item, name) == value]


def test_what_is_said_of_items():
    aides = ["disability_aide", "elder_aide", "child_carer", "after_school_tutor"]
    assert codes(trained=True) == aides
    assert codes(monthly=True) == [*aides, "casual_pay"]
    assert codes(by_hour=True) == ["disability_aide", "elder_aide", "casual_pay"]
    assert codes(share=True) == ["hired_labour", "admin_overhead"]
    assert codes(priced=False) == ["admin_overhead"]
    assert codes(makes_course=True) == ["lecturer_fee"]
    assert codes(uses_land=True) == ["site_materials"]
    assert {item.code: item.cost_per for item in ITEMS if item.cost_per != 1} == {"script_fee": 1000, "film": 60}
    assert {item.code: item.proof.clause for item in ITEMS if item.proof} == {
        "meals": "K4.2.6",
        "travel": "K4.3.3",
        "participant_transport": "K4.3.4",
        "admin_overhead": "K4.6.3b",
    }


def test_a_price_is_multiplied_by_what_the_clause_asks_for():
    """The number of children and of days a week bear on the limit, not on the price."""
    for item in ITEMS:
        if item.rated:
            counted = [q.key for q in item.quantities if q.type in ("int", "number") and q.key != "days_per_week"]
            assert list(item.cost) == counted, item.code


def test_items_come_in_the_order_of_the_regulation_by_group():
    grouped = catalogue.items_by_group("kaohsiung_88")
    assert [(code, title) for code, title, _ in grouped] == list(GROUPS)
    for code, _, items in grouped:
        assert [item.code for item in items] == [row.code for row in ITEMS if row.group == code]


@pytest.mark.parametrize("row", QUANTITIES, ids=lambda row: row[0])
def test_a_quantity_is_its_row(row):
    found = catalogue.quantities()[row[0]]
    columns = (found.key, found.label, found.unit, found.type, found.help, found.choices)
    assert columns == (row if len(row) == 6 else (*row, ()))


def question(row):
    more = {"choices": (), "columns": (), "depends": "", "items": ()} | row[5]
    return (*row[:5], more["choices"], more["columns"], more["depends"], more["items"])


def asked(found):
    return (
        found.key,
        found.label,
        found.help,
        found.type,
        found.clause,
        found.choices,
        found.columns,
        found.depends,
        found.items,
    )


@pytest.mark.parametrize(
    ("law", "tables", "common"),
    [
        ("kaohsiung_88", grants.rules.kaohsiung_88.programmes, COMMON_QUESTIONS),
        ("miaoli", grants.rules.miaoli.programmes, ()),
    ],
)
def test_programmes_are_their_rows_with_the_common_questions_of_their_law(law, tables, common):
    found, rows = catalogue.programmes(law), tables.PROGRAMME_ROWS
    assert list(found) == [row[0] for row in rows]
    for place, (code, name, part, clause, purpose, own) in enumerate(rows, 1):
        one = found[code]
        assert (one.code, one.name, one.part, one.order) == (code, name, tables.PART_TITLES[part], place)
        assert (one.clause, one.purpose, one.law) == (clause, purpose, law)
        assert [asked(q) for q in one.questions] == [question(row) for row in (*own, *common)]


def test_the_programmes_of_all_laws_stand_together():
    kaohsiung, miaoli = (catalogue.programmes(law) for law in ("kaohsiung_88", "miaoli"))
    assert list(catalogue.all_programmes()) == [*kaohsiung, *miaoli]
    assert catalogue.questions()["activity"] == kaohsiung["growth_prevention"].questions[-8]


@pytest.mark.parametrize(
    ("law", "tables"),
    [("kaohsiung_88", grants.rules.kaohsiung_88.programmes), ("miaoli", grants.rules.miaoli.programmes)],
)
def test_usual_items_and_sums_are_those_of_the_law(law, tables):
    for code in catalogue.programmes(law):
        assert " ".join(catalogue.usual_codes(code)) == tables.USUAL_ITEMS.get(code, "")
        assert " ".join(catalogue.sums(code)) == tables.PROGRAMME_SUMS.get(code, "")


@pytest.mark.parametrize("code", ["welfare_survey", "activity_centre"])
def test_the_usual_items_of_a_programme_are_offered_first_and_no_item_twice(code):
    usual = list(catalogue.usual_codes(code))
    (title, first), *others = [(title, [i.code for i in items]) for title, items in catalogue.items_for(code)]
    assert (title, first) == ("這個方案常用的項目", usual)
    assert sorted(item for _title, rows in others for item in rows) == sorted(set(catalogue.items()) - set(usual))
    titles = {
        f"其他項目：{title}": group for law in laws.folders() for group, title in laws.table(law, "items", "GROUPS")
    }
    assert [title for title, _rows in others] == [title for title in titles if title in dict(others)]
    assert all({catalogue.items()[item].group for item in rows} == {titles[title]} for title, rows in others)


def test_without_usual_items_the_groups_are_not_called_the_others(monkeypatch):
    monkeypatch.setattr(catalogue, "usual_codes", lambda programme: ())
    monkeypatch.setattr(catalogue, "usual_items", lambda programme: ())
    assert [title for title, _items in catalogue.items_for.__wrapped__("welfare_survey")] == [
        "一、鐘點及酬勞費", "二、業務費", "三、旅運費", "四、材料費", "五、辦公及設備費", "六、行政管理費",
    ]  # fmt: skip


def test_a_programme_of_a_law_in_data_is_offered_that_laws_items_alone():
    with known(example(), SLUG):
        offered = [(title, [item.code for item in items]) for title, items in catalogue.items_for("tt_course")]
        own = [item.code for item in catalogue.items().values() if item.code.startswith("tt_")]
        assert sorted(code for _title, items in offered for code in items) == sorted(own)
        assert "tt_copies" in catalogue.quantities()


def test_an_unknown_code_is_looked_for_in_what_was_filed_meanwhile(monkeypatch):
    held, programmes = catalogue.items(), catalogue.all_programmes()
    monkeypatch.setattr(laws, "look_again", lambda: False)
    with pytest.raises(KeyError, match="tt_printing"):
        held["tt_printing"]
    with known(example(), SLUG):
        monkeypatch.setattr(laws, "look_again", lambda: True)
        assert held["tt_printing"].code == "tt_printing"
        assert programmes["tt_course"].code == "tt_course"


def test_a_law_in_data_describes_its_items_and_quantities_as_its_own_text_does():
    assert catalogue.items_of(None) is catalogue.items()
    assert catalogue.quantities_of(None) == catalogue.quantities()
    with known(example(), SLUG):
        text = {**example(), "items.toml": example()["items.toml"].replace('label = "', 'label = "舊')}
        text["items.toml"] = text["items.toml"].replace('name = "', 'name = "舊')
        earlier = of_files(SLUG, versions(text, SLUG)[0].files)
        assert catalogue.items_of(earlier)["tt_printing"].name == "舊" + catalogue.items()["tt_printing"].name
        assert catalogue.items_of(earlier)["printing"] == catalogue.items()["printing"]
        assert catalogue.quantities_of(earlier)["tt_copies"].label == "舊" + catalogue.quantities()["tt_copies"].label
        assert catalogue.quantities_of(earlier)["hours"] == catalogue.quantities()["hours"]


def test_a_law_without_a_table_has_none():
    assert (catalogue.items_by_group("miaoli"), catalogue.review_criteria("miaoli")) == ((), ())
    assert laws.table("miaoli", "items", "ITEMS") == ()


def test_a_law_that_nobody_filed_has_no_versions_and_can_be_taken_away():
    assert laws.versions("nowhere") == ()
    laws.file_law("nowhere", ())
    assert laws.versions("nowhere") == ()
    with known(example(), SLUG):
        assert laws.table(SLUG, "items", "NOTHING") == ()
        assert len(laws.versions(SLUG)) == 1


def test_laws_are_the_folders_with_a_head():
    assert laws.found() == ("kaohsiung_88", "miaoli")
    assert laws.law_of("grants.rules.miaoli.plan") == laws.law_of("grants.rules.miaoli") == "miaoli"


def test_every_module_of_every_law_is_imported(monkeypatch):
    asked = []
    monkeypatch.setattr(laws, "import_module", asked.append)
    laws.import_chapters()
    assert asked[0] == "grants.rules.kaohsiung_88.chapter_2_eligibility"
    assert {"grants.rules.kaohsiung_88.chapter_7_payment", "grants.rules.miaoli.plan"} <= set(asked)
    assert asked == sorted(asked)


def test_law_files_are_kept_by_names_that_do_not_move_with_their_folders():
    names = {"kaohsiung_88.toml", "miaoli.toml", "miaoli_clauses.toml", "basic_wage.toml", "usual_terms.toml"}
    names |= {f"kaohsiung_88_clauses_{chapter}.toml" for chapter in range(10)}
    assert set(laws.texts()) == names


def test_papers_and_criteria_are_their_rows():
    papers = [(d.code, d.name, d.clause, d.when, d.help) for d in catalogue.documents().values()]
    assert (papers, list(catalogue.documents())) == (list(DOCUMENTS), [row[0] for row in DOCUMENTS])
    assert [(c.code, c.name, c.clause) for c in catalogue.review_criteria("kaohsiung_88")] == list(REVIEW_CRITERIA)


FORM, CERTIFICATE = "application_form", "registration_certificate"
COURSE_PAPERS = ["timetable", "lecturer_resume", "syllabus", "action_plan"]


@pytest.mark.parametrize(
    ("organisation", "project", "papers"),
    [
        ({}, {}, [FORM, CERTIFICATE]),
        ({"kind": "welfare_institution"}, {}, [FORM, CERTIFICATE]),
        ({"kind": "civic_group"}, {}, [FORM, CERTIFICATE]),
        ({"kind": "national_nonprofit"}, {}, [FORM, "service_proof"]),
        ({"kind": "church"}, {}, [FORM]),
        ({"kind": "church"}, {"course": True}, [FORM, *COURSE_PAPERS]),
        ({"kind": "church"}, {"course": False}, [FORM]),
        ({"kind": "church"}, {"land_use": True}, [FORM, "land_consent"]),
        ({"kind": "church"}, {"programme": "rental_housing"}, [FORM, "care_assessment"]),
    ],
)
def test_papers_of_a_case(organisation, project, papers):
    values = {
        "submitted_on": "2010-03-15",
        "organisation": {**ORGANISATION, **organisation},
        "project": {**PROJECT, **project},
    }
    assert [d.code for d in catalogue.documents_for(facts.from_dict(values))] == papers


@pytest.mark.parametrize(
    ("answer", "item", "uses"),
    [
        (None, "site_materials", True),
        (False, "site_materials", False),
        (True, "printing", True),
        (None, "printing", False),
    ],
)
def test_building_materials_use_land_until_the_applicant_says_no(answer, item, uses):
    values = {
        "submitted_on": "2010-03-15",
        "organisation": ORGANISATION,
        "project": {**PROJECT, "land_use": answer},
        "lines": [{"id": "1", "item": item, "requested": 1}],
    }
    assert catalogue.uses_land(facts.from_dict(values)) is uses


@pytest.mark.parametrize(("answer", "item", "course"), [(None, "lecturer_fee", True), (False, "printing", False)])
def test_a_lecturer_makes_a_course(answer, item, course):
    values = {
        "submitted_on": "2010-03-15",
        "organisation": ORGANISATION,
        "project": {**PROJECT, "course": answer},
        "lines": [{"id": "1", "item": item, "requested": 1}],
    }
    assert catalogue.has_course(facts.from_dict(values)) is course


class TestCatalogue:
    def test_items_stand_in_the_groups_of_the_regulation(self):
        groups = catalogue.items_by_group("kaohsiung_88")
        assert [code for code, _, _ in groups] == ["pay", "operations", "travel", "materials", "equipment", "admin"]
        assert sum(len(items) for _, _, items in groups) == len(catalogue.items()) == 33

    def test_programmes_in_order(self):
        found = catalogue.programmes("kaohsiung_88")
        assert list(found) == [
            "welfare_survey",
            "elder_care_station",
            "disability_day_care",
            "rental_housing",
            "child_day_care",
            "after_school_care",
            "family_services",
            "growth_prevention",
            "disaster_preparedness",
            "culture_preservation",
            "indigenous_culture",
            "community_vitality",
            "community_activities",
            "space_improvement",
            "local_industry",
        ]
        assert [p.order for p in found.values()] == list(range(1, 16))

    def test_every_quantity_and_detail_is_a_fact_of_a_line(self):
        for item in catalogue.items().values():
            for quantity in item.quantities + item.details:
                assert quantity.key in catalogue.quantities()
                assert quantity.label

    def test_every_clause_named_is_in_the_law(self):
        from grants.rules.ruleset import load

        known = {**load("kaohsiung_88").clauses, **load("miaoli").clauses}
        named = {q.clause for q in catalogue.questions().values()} | {d.clause for d in catalogue.documents().values()}
        named |= {i.clause for i in catalogue.items().values()}
        # The heading of an item or a programme stands for the clauses under it.
        heads = {head for clause in known for head in (clause, clause.rsplit(".", 1)[0], clause.rstrip("abc"))}
        assert {clause for clause in named if clause not in heads} == set()

    @pytest.mark.parametrize("programme", ["welfare_services", "flagship", "activity_centre"])
    def test_the_plan_of_miaoli_names_no_papers(self, programme):
        plan = case(line("lecturer_fee", 800, hours=1, in_house=False), line("site_materials", 9), programme=programme)
        assert catalogue.documents_for(plan) == ()

    def test_papers_of_a_law_are_those_before_settlement(self):
        assert catalogue.filing_papers("miaoli") == ()
        codes = [d.code for d in catalogue.filing_papers("kaohsiung_88")]
        assert (codes[0], codes[-1], len(codes)) == ("application_form", "care_assessment", 9)
