"""One sheet where one sheet is possible; a long letter flows on, its signature with its last paragraph."""

import datetime as dt
import io

import pypdf
import pytest

from grants.letters import compose, fitting, words
from grants.letters.specimen import specimen_of
from tests.factories.grants import SchemeFactory

pytestmark = pytest.mark.django_db
ON = dt.date(2010, 6, 1)


def pages(letter) -> list[str]:
    read = pypdf.PdfReader(io.BytesIO(compose.render([letter])))
    return ["".join(page.extract_text().split()) for page in read.pages]


@pytest.mark.parametrize(("kind", "sheets"), [("approval", 2), ("revocation", 1), ("rejection", 1)])
def test_a_letter_that_runs_over_by_some_lines_is_set_closer(kind, sheets):
    """The enclosure of an approval has a sheet of its own."""
    SchemeFactory()
    letter = specimen_of(words.filed()[kind], "kaohsiung", ON)
    assert fitting.closer(compose.content_of(letter)) is (kind != "rejection")
    found = pages(letter)
    assert (len(found), "示範甲" in found[0]) == (sheets, True)


def test_sixty_paragraphs_flow_on_in_the_usual_size():
    SchemeFactory()
    letter = specimen_of(words.filed()["free"], "kaohsiung", ON)
    letter.explanation = [f"本案第{place}項請依規定辦理，並於期限內檢送相關資料函送本府。" for place in range(60)]
    assert not fitting.closer(compose.content_of(letter))
    found = pages(letter)
    assert len(found) == 5
    assert ("六十、" in found[-1], "示範甲" in found[-1], "示範甲" in "".join(found[:-1])) == (True, True, False)
