"""A county's particulars on its letters: the next letter has them, and none goes out without a name under it."""

import datetime as dt
import hashlib
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from grants.letters import compose
from grants.models import Letter
from grants.services.letters import dispatch, drafts
from miaoli_kaohsiung.accounts.models import CountyParticulars
from miaoli_kaohsiung.changes import services
from miaoli_kaohsiung.lib import clock
from tests.communities.letterheads import propose
from tests.factories.accounts import KAOHSIUNG

from .issuing import NUMBER, TODAY, issue
from .papers import text_of_pdf

pytestmark = pytest.mark.django_db


def text_of(letter: Letter, people) -> str:
    return text_of_pdf(drafts.preview([letter], user=people.officer))


def test_the_next_letter_has_the_new_head(people, letter_draft):
    change = propose(
        people.officer,
        fax="07-7000001",
        signatory_name="示範庚",
        delegation="本案依分層負責規定授權業務主管決行",
        department="本府社會局",
        file_number="【年度】/0999/2",
        retention="永久",
    )
    before = text_of(letter_draft, people)
    services.confirm(people.head, change)
    after = text_of(letter_draft, people)
    new = ("傳真：07-7000001", "縣長示範庚", "本案依分層負責規定授權業務主管決行", "本府社會局", "99/0999/2", "永久")
    assert [words in before for words in new] == [False] * len(new)
    assert [words for words in new if words not in after] == []


def test_what_an_officer_wrote_into_a_draft_stays(people, letter_draft):
    values = {**drafts.words_of(letter_draft), "file_number": "99/7777/1"}
    drafts.edit(people.officer, letter_draft, values)
    letter_draft.refresh_from_db()
    with clock.travel(dt.date(2011, 1, 3)):
        shown = drafts.as_issued(letter_draft, clock.today(), user=people.officer).context
    assert (shown["file_number"], shown["retention"]) == ("99/7777/1", "10年")


def test_the_year_in_the_number_of_the_file_is_that_of_the_dispatch(people, letter_draft):
    assert letter_draft.context["file_number"] == "99/0301/1"
    shown = drafts.as_issued(letter_draft, dt.date(2011, 1, 3), user=people.officer).context
    assert shown["file_number"] == "100/0301/1"


def test_without_a_name_no_letter_goes_out_and_the_page_is_named(client, people, letter_draft, rendered):
    CountyParticulars.objects.filter(county=KAOHSIUNG).update(signatory_name="")
    reason = "還沒有登錄縣長的姓名，請先到「縣市資料」（/counties/kaohsiung/）登錄，再發文。"
    with pytest.raises(dispatch.ObjectionsError) as refused:
        issue(people, letter_draft)
    assert [objection.reason for objection in refused.value.objections] == [reason]
    client.force_login(people.officer)
    assert 'href="/counties/kaohsiung/"' in client.get(f"/letters/{letter_draft.pk}/").content.decode()
    CountyParticulars.objects.filter(county=KAOHSIUNG).update(signatory_name="示範甲")
    assert issue(people, letter_draft).dispatch_number == NUMBER


def stamp() -> SimpleUploadedFile:
    """A picture of a signature: red strokes on white."""
    image = Image.new("RGB", (600, 160), "white")
    ImageDraw.Draw(image).rectangle((10, 10, 590, 150), outline="red", width=12)
    file = io.BytesIO()
    image.save(file, "PNG")
    return SimpleUploadedFile("簽字章.png", file.getvalue(), content_type="image/png")


def test_a_picture_of_the_signature_is_printed_instead_of_the_name(people, letter_draft):
    services.confirm(people.head, propose(people.officer, signature=stamp()))
    row = drafts.as_issued(letter_draft, TODAY, user=people.officer)
    markup = compose.markup([row])
    assert 'alt="縣長　示範甲"' in markup
    data = compose.render([row])
    assert b"/Subtype /Image" in data or b"/Subtype/Image" in data
    # The same letter is the same file.
    assert hashlib.sha256(compose.render([row])).digest() == hashlib.sha256(data).digest()


def test_the_draft_shows_a_number_with_the_word_of_its_scheme(client, people, letter_draft):
    client.force_login(people.officer)
    at = f"/letters/{letter_draft.pk}/"
    assert "例如 府社區字第0990001234號" in client.get(at).content.decode()
    scheme = letter_draft.application.scheme
    scheme.dispatch_word = ""
    scheme.save()
    CountyParticulars.objects.filter(county=KAOHSIUNG).update(dispatch_word="府社福字")
    assert "例如 府社福字第0990001234號" in client.get(at).content.decode()
