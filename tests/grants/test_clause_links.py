"""People read a clause's place in the document (肆、一、4), not its id; links lead to it with its chapter unfolded."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template

from grants.queries.law.pages import label_of
from grants.rules.ruleset import load
from grants.services import rulings
from tests.factories.grants import SchemeFactory
from tests.grants.rulings import draft, filed_case, officer

TEMPLATES = sorted(Path(settings.BASE_DIR, "templates").rglob("*.html"))
# They show the id beside the label, which two clauses may share; the last is given the label.
BESIDE = {"grants/law/evaluations/detail.html", "grants/rulings/waivers/list.html", "partials/law_note.html"}


def shown(clause, scheme):
    return Template("{% load law %}{% clause_link clause scheme %}").render(
        Context({"clause": clause, "scheme": scheme})
    )


@pytest.mark.django_db
def test_a_link_shows_the_place_and_unfolds_the_chapter():
    scheme = SchemeFactory()
    assert shown("K4.1.4", scheme) == (
        '<a class="clause" href="/schemes/kaohsiung-88/law/?clause=K4.1.4#K4.1.4">肆、一、4</a>'
    )
    assert shown("K4.1.4", None) == "肆、一、4"
    assert shown("M5.5a", "") == "伍、五"


def test_what_no_law_has_is_shown_as_it_stands():
    assert label_of("行政程序法48", load("kaohsiung_88")) == "行政程序法48"


def test_no_page_shows_the_bare_id():
    assert len(TEMPLATES) > 400
    linked, bare = (
        re.compile(r"""{% url 'grants:law' [\w.]+ %}#"""),
        r"{{ (?:[\w.]+\.)?(?:money_)?clause }}(?=[<：，）])",
    )
    texts = {str(path.relative_to(settings.BASE_DIR / "templates")): path.read_text() for path in TEMPLATES}
    assert [name for name, text in texts.items() if linked.search(text)] == []
    assert [name for name, text in texts.items() if name not in BESIDE and re.search(bare, text)] == []


@pytest.mark.django_db
def test_the_change_by_a_ruling_names_the_place(client):
    case = filed_case(1_900)
    ruling = rulings.record_ruling(officer(), case.scheme, draft())
    client.force_login(officer())
    page = client.get(f"/rulings/{ruling.pk}/").content.decode()
    impact = page[page.index("如果在送件那天就有這則函釋") :]
    assert '<a class="clause" href="/schemes/kaohsiung-88/law/?clause=K4.1.4#K4.1.4">肆、一、4</a>：' in impact
    assert "> K4.1.4" not in impact
