"""One sheet where one sheet is possible; a long letter flows on, its signature with its last paragraph."""

import datetime as dt
import io

import pypdf
import pytest

from grants.letters import compose, fitting, words
from grants.letters.specimen import specimen_of
from grants.services.awards import decisions
from grants.services.awards.deciding import Condition
from tests.factories import reviews
from tests.factories.grants import EnvelopeFactory, SchemeFactory

pytestmark = pytest.mark.django_db
ON = dt.date(2010, 6, 1)


def pages(letter) -> list[str]:
    read = pypdf.PdfReader(io.BytesIO(compose.render([letter])))
    return ["".join(page.extract_text().split()) for page in read.pages]


@pytest.mark.parametrize(
    ("kind", "sheets", "setting"),
    [("approval", 2, "closer"), ("revocation", 1, "closer"), ("rejection", 1, "")],
)
def test_a_letter_that_runs_over_by_some_lines_is_set_closer(kind, sheets, setting):
    """The enclosure of an approval has a sheet of its own."""
    SchemeFactory()
    letter = specimen_of(words.filed()[kind], "kaohsiung", ON)
    assert fitting.setting(compose.content_of(letter)) == setting
    found = pages(letter)
    assert (len(found), "示範甲" in found[0]) == (sheets, True)


@pytest.mark.parametrize(("amounts", "cut"), [((60_000, 40_000, 23_456), 2), ((20_000,) * 8, 5)])
def test_a_partial_approval_of_three_to_eight_lines_is_one_sheet_printed_on_both_sides(people, amounts, cut):
    """The letter with its signature in front, the table of the lines behind."""
    EnvelopeFactory()
    award = reviews.approved(people, {cut: (10_000, "頁數核實")}, amounts=amounts)
    letter = award.application.letters.get()
    assert letter.kind == "partial_approval"
    front, back = pages(letter)
    assert "示範甲" in front
    assert "以下空白" not in front
    assert ("以下空白" in back, "頁數核實" in back) == (True, True)


@pytest.mark.parametrize("conditions", [1, 3])
def test_a_partial_approval_with_conditions_is_one_sheet_printed_on_both_sides(people, conditions):
    """Text, signature and table on two pages; the signature with the last paragraph, the table behind it."""
    EnvelopeFactory()
    case = reviews.proposed(people, {2: (40_000, "頁數核實")}).application
    kept = [
        Condition("receipt", f"先取得土地使用同意書第{number}份，並將影本送本府備查") for number in range(conditions)
    ]
    award = decisions.approve(people.head, case, decided=decisions.Terms(seen=reviews.seen(case).seen, conditions=kept))
    letter = award.application.letters.get()
    front, back = pages(letter)
    assert fitting.setting(compose.content_of(letter)) == "flowing"
    assert ("示範甲" in front, "訴願" in back) == (False, True)
    assert back.index("訴願") < back.index("示範甲") < back.index("核定經費明細表") < back.index("以下空白")


def test_a_table_that_has_no_room_behind_the_signature_begins_a_page(people):
    letter = reviews.approved(people, {2: (40_000, "頁數核實")}).application.letters.get()
    letter.explanation = [*letter.explanation, *["本案請依規定辦理，並於期限內檢送相關資料函送本府。"] * 9]
    letter.context["table"] = letter.context["table"] * 5
    found = pages(letter)
    assert ["核定經費明細表" in page and "項次" in page for page in found] == [False, False, True]


def test_sixty_paragraphs_flow_on_in_the_usual_size():
    SchemeFactory()
    letter = specimen_of(words.filed()["free"], "kaohsiung", ON)
    letter.explanation = [f"本案第{place}項請依規定辦理，並於期限內檢送相關資料函送本府。" for place in range(60)]
    assert fitting.setting(compose.content_of(letter)) == ""
    found = pages(letter)
    assert len(found) == 5
    assert ("六十、" in found[-1], "示範甲" in found[-1], "示範甲" in "".join(found[:-1])) == (True, True, False)
