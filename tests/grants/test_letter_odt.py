"""A letter as a text document: the same words as its PDF."""

import io
import re

import pytest
from django.urls import reverse
from odf import teletype
from odf.opendocument import load
from odf.table import TableRow
from odf.text import P

from grants.services.letters import drafts
from tests.factories import reviews

from .papers import text_of_pdf

pytestmark = pytest.mark.django_db


def test_it_says_what_the_pdf_says(client, people):
    letter = reviews.approved(people, {2: (40_000, "頁數核實 <&>")}).application.letters.get()
    client.force_login(people.officer)
    answer = client.get(reverse("grants:letter_text", args=[letter.pk]))
    assert answer["Content-Disposition"] == f'attachment; filename="letter-{letter.pk}.odt"'
    assert answer.wsgi_request.path in client.get(f"/letters/{letter.pk}/").content.decode()
    document = load(io.BytesIO(answer.content))
    said = ["".join(teletype.extractText(row).split()) for row in document.getElementsByType(P)]
    printed = _unbound(text_of_pdf(drafts.preview([letter])))
    words = said[said.index("說明：") - 1 : said.index("核定經費明細表")]
    assert len(words) > 8
    assert [line for line in words if _unbound(line) not in printed] == []
    assert "高雄縣政府函（稿）" in said
    assert any(line.startswith("一、復貴會") for line in said)
    assert "【" not in "".join(said)
    assert len(document.getElementsByType(TableRow)) == len(letter.context["table"]) + 2


def _unbound(text: str) -> str:
    """Leave out the characters of the binding line, which stand between those of the text."""
    return re.sub("[裝訂線]", "", text)
