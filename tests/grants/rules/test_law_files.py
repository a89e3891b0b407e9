"""Build-time checks of the law files: none complains, and each notices what it is for."""

from dataclasses import replace

import pytest

from grants.rules import registry
from grants.rules.ruleset import load

from . import law_checks

RULES = registry.rules()


@pytest.mark.parametrize("law", law_checks.LAWS)
class TestNothingIsLacking:
    def test_every_clause_is_carried(self, law):
        assert list(law_checks.clauses_without_support(law, load(law).clauses, RULES)) == []

    def test_every_parameter_is_cited_and_in_order(self, law):
        ruleset = load(law)
        assert list(law_checks.citations_missing(law, ruleset.parameters, ruleset.clauses)) == []
        assert list(law_checks.overlapping_starts(ruleset.parameters)) == []

    def test_twins_have_a_reading(self, law):
        ruleset = load(law)
        assert list(law_checks.twins_without_reading(ruleset.clauses, ruleset.parameters)) == []

    def test_quotes_stand_with_their_clause(self, law):
        assert list(law_checks.quotes_without_clause()) == []
        text = "\n".join(clause.phrase for clause in load(law).clauses.values())
        own = [rule for rule in RULES if rule.law == law]
        assert list(law_checks.quotes_beyond(text, own)) == []


def test_all_34_ambiguities_are_readings():
    assert list(law_checks.readings_missing(load("kaohsiung_88").parameters)) == []


class TestEachCheckNotices:
    law = load("kaohsiung_88")

    def clause(self, clause_id, **changes):
        return {clause_id: replace(self.law.clause(clause_id), **changes)}

    def parameter(self, name, **changes):
        return {name: replace(self.law.parameters[name], **changes)}

    def support(self, clauses, rules=RULES):
        faults = law_checks.clauses_without_support("kaohsiung_88", clauses, rules)
        return [sentence for sentence in faults if next(iter(clauses)) in sentence]

    def test_a_clause_without_a_rule(self):
        rules = [rule for rule in RULES if "K4.1.2" not in rule.clauses]
        assert self.support(self.clause("K4.1.2"), rules) == ["K4.1.2: no rule carries it"]

    @pytest.mark.parametrize(("kind", "sentences"), [("E", 1), ("W", 1), ("C", 1), ("I", 0)])
    def test_each_kind_that_needs_a_rule(self, kind, sentences):
        clause = self.clause("K4.1.2", enforcement=(kind,), page=("law",), by="")
        rules = [rule for rule in RULES if "K4.1.2" not in rule.clauses]
        assert len(self.support(clause, rules)) == sentences

    def test_a_computation_that_is_not_there(self):
        assert self.support(self.clause("K7.1a", by="payments.nothing")) == ["K7.1a: no rule carries it"]
        assert self.support(self.clause("K7.1a", by="")) == ["K7.1a: no rule carries it"]
        assert self.support(self.clause("K7.1a", by="payments")) == ["K7.1a: no rule carries it"]

    def test_m_without_a_task_or_with_an_unknown_one(self):
        assert self.support(self.clause("K7.2c", task=())) == ["K7.2c: no task"]
        assert self.support(self.clause("K7.2c", task=("unheard",))) == ["K7.2c: unknown task unheard"]

    def test_r_without_a_checklist_item(self):
        assert self.support(self.clause("K4.5.2", checklist="")) == ["K4.5.2: no checklist item"]

    def test_i_without_a_page(self):
        assert self.support(self.clause("K1.1", page=())) == ["K1.1: no page"]

    @pytest.mark.parametrize("word", ["label", "phrase", "kind", "explanation", "does"])
    def test_an_empty_word(self, word):
        assert self.support(self.clause("K4.1.2", **{word: ""})) == [f"K4.1.2: {word} is empty"]

    def test_a_rule_for_a_clause_that_is_not_in_the_law(self):
        faults = law_checks.clauses_without_support("kaohsiung_88", {}, RULES)
        assert "K4.1.2: a rule names it and the law file does not" in list(faults)

    def test_a_phrase_that_is_not_the_laws(self):
        clauses = self.clause("K4.1.2", phrase="每小時1700元")
        assert list(law_checks.phrases_not_in(clauses, "每小時1600元")) == [
            "K4.1.2: 「每小時1700元」 is not in the document"
        ]
        assert list(law_checks.phrases_not_in(clauses, "每小時1700元")) == []

    def test_each_part_of_a_phrase_is_looked_for(self):
        clauses = self.clause("K4.1.2", phrase="甲條 文 ／ 乙條文")
        assert list(law_checks.phrases_not_in(clauses, "甲條 文，乙條文")) == []
        assert list(law_checks.phrases_not_in(clauses, "甲條 文")) == ["K4.1.2: 「乙條文」 is not in the document"]

    @pytest.mark.parametrize(
        ("phrase", "expected"),
        [
            ("每星期提供次數從至少1次至至少5次", []),
            ("每次至少4小時（可分兩次）", []),
            ("每星期提供次數從至少1次至至少5次，每次至少4小時（可分兩次）", []),
            ("至少5次", ["K4.1.2: 「至少5次」 is cut off"]),
            ("每星期提供次數從至少1次", ["K4.1.2: 「每星期提供次數從至少1次」 is cut off"]),
            ("每次至少4小時（可分兩次", ["K4.1.2: 「每次至少4小時（可分兩次」 is cut off"]),
        ],
    )
    def test_a_phrase_that_is_cut_off(self, phrase, expected):
        text = "（1）每星期提供次數從至少1次至至少5次，每次至少4小時（可分兩次）。"
        assert list(law_checks.phrases_cut(self.clause("K4.1.2", phrase=phrase), text)) == expected

    def test_a_statute_of_its_own_needs_no_clause(self):
        wage = self.parameter("statutory.basic_wage.monthly", clause="勞動基準法")
        assert list(law_checks.citations_missing("kaohsiung_88", wage, self.law.clauses)) == []

    def test_overlapping_starts(self):
        values = self.law.parameters["statutory.basic_wage.hourly"].values
        assert list(law_checks.overlapping_starts(self.parameter("lecturer_fee.hourly", values=values[:1] * 2))) != []
        assert list(law_checks.overlapping_starts(self.parameter("lecturer_fee.hourly", values=values[::-1]))) != []

    def test_a_missing_citation(self):
        def faults_of(**changes):
            return list(
                law_checks.citations_missing(
                    "kaohsiung_88", self.parameter("lecturer_fee.hourly", **changes), self.law.clauses
                )
            )

        assert faults_of() == []
        assert faults_of(clause="K4.9") == ["lecturer_fee.hourly: clause 'K4.9' is not in the law"]
        assert faults_of(source="") == ["lecturer_fee.hourly: source is empty"]
        assert faults_of(title="") == ["lecturer_fee.hourly: title is empty"]
        assert faults_of(confirmed_on=None) == ["lecturer_fee.hourly: confirmed_on is empty"]
        reading = self.parameter("reading.ratio", why="")
        assert list(law_checks.citations_missing("kaohsiung_88", reading, self.law.clauses)) == [
            "reading.ratio: a reading without its question and reason"
        ]

    def test_twin_caps_without_a_reading(self):
        parameters = {n: p for n, p in self.law.parameters.items() if n != "reading.aides_per_community"}
        faults = list(law_checks.twins_without_reading(self.law.clauses, parameters))
        assert "K4.1.3.2b and K3.I.2.1.4b cap the same thing differently without a reading" in faults
        assert list(law_checks.twins_without_reading(self.clause("K4.1.4", twins=("K9.9",)), {})) == [
            "K4.1.4: unknown twin K9.9"
        ]

    def test_a_reading_that_is_missing(self):
        parameters = {n: p for n, p in self.law.parameters.items() if p.ambiguity != "A5"}
        assert list(law_checks.readings_missing(parameters)) == ["A5 has no reading"]

    @pytest.mark.parametrize(("left_out", "missing"), [("A1", ["A1"]), ("A34", ["A34"]), ("A11", ["A11"])])
    def test_each_ambiguity_is_looked_for(self, left_out, missing):
        parameters = {f"A{n}": replace(self.law.parameters["reading.ratio"], ambiguity=f"A{n}b") for n in range(1, 35)}
        del parameters[left_out]
        assert list(law_checks.readings_missing(parameters)) == [f"{name} has no reading" for name in missing]

    def test_a_rule_without_words_has_no_quote(self):
        silent = replace(RULES[0], function=lambda ctx: None, clauses=())
        assert list(law_checks.quotes_without_clause([silent])) == []

    def test_a_quote_without_a_clause_and_one_beyond_the_law(self):
        rule = replace(RULES[0], clauses=())
        assert list(law_checks.quotes_without_clause([rule])) != []
        assert list(law_checks.quotes_beyond("", [RULES[0]])) != []
