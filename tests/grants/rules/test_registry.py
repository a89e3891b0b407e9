"""How rules are put into the book of their law."""

import pytest

from grants.rules import registry
from grants.rules.registry import Rule


@pytest.fixture
def empty(monkeypatch):
    monkeypatch.setattr(registry, "_rules", {})


def test_a_rule_is_kept_with_what_it_is_for(empty):
    def of_lines(ctx, line): ...

    def of_all(ctx): ...

    of_lines.__module__ = of_all.__module__ = "grants.rules.kaohsiung_88.chapter_9"
    registry.line_rule("K1", "K2", items="film gas")(of_lines)
    registry.case_rule("K3")(of_all)

    def of_some(ctx): ...

    def of_its_lines(ctx, line): ...

    of_some.__module__ = of_its_lines.__module__ = "grants.rules.miaoli.plan"
    registry.case_rule("M1", programmes="flagship activity_centre")(of_some)
    registry.line_rule("M2", items="film")(of_its_lines)

    none = frozenset()
    assert registry.rules() == (
        Rule("chapter_9.of_lines", "kaohsiung_88", ("K1", "K2"), of_lines, frozenset({"film", "gas"}), none),
        Rule("chapter_9.of_all", "kaohsiung_88", ("K3",), of_all, none, none),
        Rule("plan.of_some", "miaoli", ("M1",), of_some, none, frozenset({"flagship", "activity_centre"})),
        Rule("plan.of_its_lines", "miaoli", ("M2",), of_its_lines, frozenset({"film"}), none),
    )


def test_two_rules_of_one_name_are_refused(empty):
    def twice(ctx): ...

    twice.__module__ = "grants.rules.chapter_9"
    registry.case_rule("K1")(twice)
    assert list(registry._rules) == ["chapter_9.twice"]
    with pytest.raises(ValueError, match=r"^two rules are named chapter_9\.twice$"):
        registry.case_rule("K2")(twice)
