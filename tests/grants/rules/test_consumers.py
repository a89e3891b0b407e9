"""Each legal number has somebody in the portal who reads it: a page, a service, a job, or a rule that the engine runs."""

import pytest

from grants.rules import laws
from grants.rules.ruleset import load

from .consumers import Graph, sources, unread

SOURCES = sources()
GRAPH = Graph(SOURCES)


@pytest.mark.parametrize("law", laws.found())
def test_no_parameter_is_without_a_consumer(law):
    assert list(unread(GRAPH, law, load(law).parameters)) == []


@pytest.mark.parametrize(
    ("module", "parameter"),
    [
        ("grants.compliance.criteria", "review.weights"),
        ("grants.rules.kaohsiung_88.chapter_4_costs", "film.per_minute"),
    ],
)
def test_a_number_whose_consumer_goes_is_noticed(module, parameter):
    """Some pages name a number without applying it; with those away its last consumer is the one named here."""
    naming = ("grants.rules.kaohsiung_88.programmes", "grants.queries.schemes.own_data")
    left = {name: text for name, text in SOURCES.items() if name not in (module, *naming)}
    law = next(law for law in laws.found() if parameter in load(law).parameters)
    assert list(unread(Graph(left), law, [parameter])) == [f"{parameter}: nothing in the portal reads it"]


def test_what_only_a_reader_without_callers_names_is_noticed():
    reader = "def reader(ruleset, on):\n    return ruleset.value('a.b', on)\n"
    alone = {"grants.rules.reader": reader, "grants.views.page": "def page(): ...\n"}
    assert list(unread(Graph(alone), "kaohsiung_88", ["a.b"])) == ["a.b: nothing in the portal reads it"]
    page = "from grants.rules import reader\n\ndef page(request):\n    return reader.reader(request, None)\n"
    assert list(unread(Graph(alone | {"grants.views.page": page}), "kaohsiung_88", ["a.b"])) == []


def test_a_name_that_is_put_together_and_one_in_a_table_count():
    page = "TABLE = {'one': 'a.b c.d'}\n\ndef page(kind):\n    return TABLE, f'e.{kind}'\n"
    found = unread(Graph({"grants.views.page": page}), "kaohsiung_88", ["a.b", "c.d", "e.f", "g.h"])
    assert list(found) == ["g.h: nothing in the portal reads it"]
