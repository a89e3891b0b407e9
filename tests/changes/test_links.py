"""A page that speaks of a change leads to it only those to whom its page opens."""

from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import RequestFactory

from miaoli_kaohsiung.accounts.enums import Role
from tests.factories.accounts import person

from .example import propose_greeting

TEMPLATES = Path(settings.BASE_DIR) / "templates"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "leads"),
    [(Role.CASE_OFFICER, True), (Role.APPROVER, True), (Role.AUDITOR, False), (Role.FINANCE_OFFICER, False)],
)
def test_others_read_the_words_or_nothing_where_they_only_lead_there(client, role, leads):
    change, reader = propose_greeting(person(Role.CASE_OFFICER), "早安"), person(role)
    request = RequestFactory().get("/")
    request.user = reader

    def drawn(**more):
        words = {"change": change, "words": "看這一件", **more}
        return " ".join(render_to_string("changes/_link.html", words, request).split())

    link = f'<a href="/changes/{change.pk}/">看這一件</a>'
    assert drawn() == (link if leads else "看這一件")
    assert drawn(only_leads=True) == (link if leads else "")
    client.force_login(reader)
    assert client.get(f"/changes/{change.pk}/").status_code == (200 if leads else 404)


def test_every_other_page_asks_before_it_leads_to_a_change():
    found = [path for path in TEMPLATES.rglob("*.html") if "changes:show" in path.read_text("utf-8")]
    assert {path.parent for path in found} == {TEMPLATES / "changes"}
