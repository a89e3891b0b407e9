"""How rules are put into the book of their law."""

import pytest

from grants.rules import registry
from grants.rules.registry import Rule


@pytest.fixture
def empty(monkeypatch):
    monkeypatch.setattr(registry, "_rules", {})


def test_a_rule_is_kept_with_what_it_is_for(empty):
    @registry.line_rule("K1", "K2", items="film gas")
    def of_lines(ctx, line): ...

    @registry.case_rule("K3")
    def of_all(ctx): ...

    @registry.case_rule("M1", programmes="flagship activity_centre", law="miaoli")
    def of_some(ctx): ...

    @registry.line_rule("M2", items="film", law="miaoli")
    def of_its_lines(ctx, line): ...

    none = frozenset()
    assert registry.rules() == (
        Rule("test_registry.of_lines", "kaohsiung_88", ("K1", "K2"), of_lines, frozenset({"film", "gas"}), none),
        Rule("test_registry.of_all", "kaohsiung_88", ("K3",), of_all, none, none),
        Rule("test_registry.of_some", "miaoli", ("M1",), of_some, none, frozenset({"flagship", "activity_centre"})),
        Rule("test_registry.of_its_lines", "miaoli", ("M2",), of_its_lines, frozenset({"film"}), none),
    )


def test_two_rules_of_one_name_are_refused(empty):
    def twice(ctx): ...

    twice.__module__ = "grants.rules.chapter_9"
    registry.case_rule("K1")(twice)
    assert list(registry._rules) == ["chapter_9.twice"]
    with pytest.raises(ValueError, match=r"^two rules are named chapter_9\.twice$"):
        registry.case_rule("K2")(twice)
