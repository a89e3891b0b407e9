"""The .di of a letter: in the norm's order, read without DTD and entities."""

import io
import zipfile

import pytest
from django.urls import reverse

from grants.letters.exchange import ORDER, exchange_file, read
from grants.services.letters import print_runs
from tests.factories import reviews

pytestmark = pytest.mark.django_db
BOMB = '<!DOCTYPE 函 [<!ENTITY a "x">]><函>&a;</函>'
OUTSIDE = '<!DOCTYPE 函 SYSTEM "http://127.0.0.1:9/104_2_utf8.dtd"><函></函>'
FILE = '<!DOCTYPE 函 [<!ENTITY a SYSTEM "file:///etc/hostname">]><函>&a;</函>'


def test_the_parts_stand_in_the_order_of_the_norm(people):
    letter = reviews.approved(people, {2: (40_000, "頁數核實 <&>")}).application.letters.get()
    letter.dispatch_number = "府社區字第0990001234A號"
    root = read(exchange_file(letter))
    places = [name for name, _many in ORDER]
    tags = [part.tag for part in root]
    assert sorted(tags, key=places.index) == tags
    assert set(tags) == set(places)
    assert root.findtext("發文機關/全銜") == "高雄縣政府"
    assert root.findtext("發文字號/字") == "府社區"
    assert [part.text for part in root.find("發文字號/文號")] == ["099", "0001234", "A"]
    assert root.findtext("主旨/文字") == letter.subject
    assert root.find("段落/條列").get("序號") == "一、"
    assert root.findtext("附件/文字") == "核定經費明細表1份"
    assert {code.text for code in root.iter("機關代碼")} == {None}
    assert b"DOCTYPE" not in exchange_file(letter)


def test_an_unusual_number_is_kept_as_words(letter_draft):
    letter_draft.dispatch_number = "會銜文號第9號之1"
    assert read(exchange_file(letter_draft)).findtext("發文字號/文字") == "會銜文號第9號之1"


@pytest.mark.parametrize("data", [BOMB, OUTSIDE, FILE, "<函><主旨/></函>", "<簽/>", "<函>"])
def test_what_is_no_letter_or_brings_a_dtd_is_refused(data):
    with pytest.raises(ValueError, match=r"not read|order"):
        read(data.encode())


def test_one_letter_and_a_run_are_downloaded(client, people, letter_draft):
    client.force_login(people.officer)
    answer = client.get(reverse("grants:letter_exchange", args=[letter_draft.pk]))
    assert (answer.status_code, answer["Content-Disposition"]) == (
        200,
        f'attachment; filename="letter-{letter_draft.pk}.di"',
    )
    assert read(answer.content).findtext("主旨/文字")
    assert answer.wsgi_request.path in client.get(f"/letters/{letter_draft.pk}/").content.decode()
    run = print_runs.start_run(people.officer, [letter_draft])
    packed = client.get(reverse("grants:print_run_exchange", args=[run.pk]))
    with zipfile.ZipFile(io.BytesIO(packed.content)) as made:
        (name,) = made.namelist()
        assert name == f"0001-{letter_draft.pk}.di"
        read(made.read(name))
