"""Every clause of both laws has, in the running portal, the means that its enforcement asks for."""

import datetime as dt
from importlib import import_module

import pytest
from django.conf import settings

from grants import duty_kinds
from grants.management.commands import clause_table
from grants.management.commands.clause_table import PAGES, document, rules_of
from grants.queries.law.notes import of_section
from grants.rules import catalogue, facts, laws, tasks
from grants.rules.checklist import checklist
from grants.rules.ruleset import load
from miaoli_kaohsiung.lib import office_calendar

TEMPLATES = settings.BASE_DIR / "templates"
CLAUSES = [(law, clause) for law in laws.found() for clause in load(law).clauses.values()]
# The template of each page, and the words with which it draws the clauses of the law files.
DRAWN = {
    "home": ("grants/schemes/home.html", 'law_notes scheme "home"'),
    "programme": ("grants/applications/_about.html", 'page="programme"'),
    "award": ("grants/awards/detail.html", 'page="award"'),
    "open_data": ("grants/open_data/list.html", 'law_notes scheme "open_data"'),
}


def names(clauses: list) -> list[str]:
    return [clause.id for _law, clause in clauses]


def enforced(code: str) -> list:
    return [(law, clause) for law, clause in CLAUSES if code in clause.enforcement]


def test_the_document_is_what_the_law_files_and_rules_say():
    assert (settings.BASE_DIR / "docs" / "clauses.md").read_text() == document()


def test_e_w_and_c_have_a_rule():
    wanted = [(law, clause) for law, clause in CLAUSES if set(clause.enforcement) & set("EWC")]
    assert [clause.id for law, clause in wanted if not rules_of(law, clause)] == []


def test_m_has_a_job_an_officer_or_a_page():
    kinds = {key for _law, clause in enforced("M") for key in clause.task}
    assert [clause.id for _law, clause in enforced("M") if not clause.task] == []
    assert kinds == set(duty_kinds.DUTIES) | set(duty_kinds.ELSEWHERE)
    module, page = duty_kinds.ELSEWHERE["settlement_due"], duty_kinds.ELSEWHERE["report_incidents"]
    assert import_module(module)
    assert (settings.BASE_DIR / page).exists()
    for template in ("awards/detail.html", "applications/detail.html"):
        assert "grants/duties/_incidents.html" in (TEMPLATES / "grants" / template).read_text()


def test_the_job_makes_every_duty_of_an_award_an_association_and_a_county():
    items = [item.code for item in catalogue.items().values() if item.trained] + ["lecturer_fee"]
    span = (dt.date(2010, 3, 1), dt.date(2010, 12, 31), dt.date(2010, 12, 31))
    codes = catalogue.all_programmes()
    made = {
        want.duty.key
        for code in codes
        for want in duty_kinds.of_award(code, items, *span, 1, 10, office_calendar.published())
    }
    made |= {want.duty.key for want in duty_kinds.of_county(list(tasks.KINDS), span[1], office_calendar.published())}
    numbers = {name: 6 for key in duty_kinds.OF_ASSOCIATIONS for name in tasks.KINDS[key].parameters}
    made |= {
        want.duty.key
        for want in duty_kinds.of_association("basic", span[1], 2010, numbers, office_calendar.published())
    }
    assert made == {key for key, duty in duty_kinds.DUTIES.items() if duty.scope != "event"}


@pytest.mark.parametrize("law", laws.found())
def test_r_reaches_the_checklist_of_some_case(law):
    """Each R clause is an item for a case of one of the law's programmes with every item in its budget."""
    reached = set()
    for code in catalogue.all_programmes():
        lines = [{"id": str(place), "item": item} for place, item in enumerate(catalogue.items())]
        values = {
            "submitted_on": "2010-06-01",
            "organisation": {"kind": "community_association"},
            "project": {"programme": code},
            "lines": lines,
        }
        reached |= {item.clause for item in checklist(facts.from_dict(values), load(law))}
    # 陸三 is scored by the reviewers, criterion by criterion, instead of ticked.
    wanted = {clause.id for found, clause in enforced("R") if found == law and clause.checklist}
    assert reached == wanted
    assert [c.id for found, c in enforced("R") if found == law and not c.checklist] in ([], ["K6.3.1–4"])


def test_i_reaches_a_page():
    assert [clause.id for _law, clause in enforced("I") if not clause.page] == []
    used = {page for _law, clause in CLAUSES for page in clause.page}
    assert used == set(PAGES)
    for template, words in DRAWN.values():
        text = (TEMPLATES / template).read_text()
        assert words in text, template
    assert set(PAGES) == {*DRAWN, "law", "budget"}


def test_a_clause_of_an_item_is_shown_with_its_line():
    for _law, clause in enforced("I"):
        if "budget" in clause.page:
            assert [item.code for item in catalogue.items().values() if item.clause == clause.id], clause.id
    drawn = (TEMPLATES / "grants/applications/_line.html").read_text()
    assert "{{ row.help }}" in drawn
    assert "{% for label, url in row.laws %}" in drawn


def test_a_clause_of_a_programme_is_shown_with_one_of_its_cases():
    sections = [programme.clause for programme in catalogue.all_programmes().values()]
    shown = [clause for _law, clause in enforced("I") if "programme" in clause.page]
    assert [
        clause.id for clause in shown if not any(of_section(clause.id, section, "K3") for section in sections)
    ] == []
    assert [s for s in sections if of_section("K3.II.2–4", s, "K3")] == ["K3.II.2", "K3.II.3", "K3.II.4"]
    assert (of_section("K3.I.4.2", "K3.I.4", "K3"), of_section("K3.I.4.2", "K3.I.5", "K3")) == (True, False)


def test_a_clause_without_its_means_is_noticed():
    clause = next(clause for _law, clause in CLAUSES if clause.id == "K4.1.2")
    assert clause_table.rules_of("kaohsiung_88", clause) != []
    assert clause_table.rules_of("miaoli", clause) == []
