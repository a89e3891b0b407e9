"""Words of the office: explained once, and every word that a page marks is there."""

import re
from pathlib import Path

import pytest
from django.template import Context, Template
from django.urls import reverse

from miaoli_kaohsiung.lib import glossary

TEMPLATES = Path(__file__).parents[2] / "templates"


def test_a_word_has_its_explanation_beside_it_with_an_id_of_its_own():
    html = Template('{% load portal %}{% term "核銷" %}{% term "核銷" %}').render(Context())
    targets = re.findall(r'popovertarget="([^"]+)"', html)
    assert len(set(targets)) == 2
    assert re.findall(r'popover id="([^"]+)"', html) == targets
    assert html.count(glossary.explain("核銷")) == 2


def test_a_word_that_nobody_explained_is_an_error():
    with pytest.raises(LookupError):
        Template('{% load portal %}{% term "沒有這個詞" %}').render(Context())


def test_every_word_that_a_page_marks_is_explained():
    marked = {
        word for path in TEMPLATES.rglob("*.html") for word in re.findall(r'{% term "([^"]+)" %}', path.read_text())
    }
    assert marked
    assert marked - set(glossary.terms()) == set()


@pytest.mark.django_db
def test_the_page_of_all_words(client):
    page = client.get(reverse("help-glossary")).content.decode()
    assert re.findall(r"<dt>([^<]+)</dt>", page) == list(glossary.terms())
    assert {"核銷", "層轉", "概算", "實支", "雜支", "請款", "撥付", "核付", "PART I"} <= set(glossary.terms())
