"""自己算一次: the published facts of an award give the same figures again, and hold nothing of a person."""

import io
import json
import subprocess
import sys
import zipfile

import pytest
from django.urls import reverse

from grants.compliance.stored import law_of
from grants.queries.open_data.again import ORGANISATION, decided, document
from grants.rules.again import again
from tests.factories.money import approved
from tests.grants.deciding_once import decided_award

pytestmark = pytest.mark.django_db


@pytest.fixture
def award():
    return decided_award()


def address(award, name="award_again"):
    return reverse(f"grants:{name}", args=[award.number])


def test_the_published_facts_give_the_figures_that_were_decided_on(award, client):
    shown = client.get(address(award, "award_again_facts")).json()
    mine, theirs = again(shown), shown["published"]
    assert [[row["allowed"] for row in theirs["lines"][line]] for line in theirs["lines"]] == [[9_600]]
    assert {line: mine["lines"][line] for line in theirs["lines"]} == theirs["lines"]
    assert [(share["used"], share["allowed"]) for share in theirs["shares"]] == [(5_000, 7_500)]
    assert (mine["shares"], mine["ruleset"]) == (theirs["shares"], theirs["ruleset"])


def test_a_figure_that_was_changed_afterwards_shows(award):
    stored = decided(award)
    kept = json.loads(json.dumps(document(stored, law_of(stored))))
    kept["facts"]["lines"][1]["hours"] = 5
    assert [row["allowed"] for rows in again(kept)["lines"].values() for row in rows] == [8_000]


def test_the_file_of_the_programs_reckons_in_a_plain_python(award, client, tmp_path):
    zipfile.ZipFile(io.BytesIO(client.get(reverse("grants:engine")).content)).extractall(tmp_path)
    (tmp_path / "facts.json").write_bytes(client.get(address(award, "award_again_facts")).content)
    code = (
        f"import json, sys; sys.path.insert(0, {str(tmp_path)!r}); from grants.rules.again import again; "
        f"document = json.load(open({str(tmp_path / 'facts.json')!r}, encoding='utf-8')); mine = again(document); "
        "print(mine['shares'] == document['published']['shares'], mine['ruleset'] == document['published']['ruleset'])"
    )
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, timeout=120)
    assert (done.stdout, done.stderr) == ("True True\n", "")


def test_nothing_of_a_person_is_published(award, client):
    text = client.get(address(award, "award_again_facts")).content.decode()
    facts = json.loads(text)["facts"]
    assert [word for word in ("林溫泉", "陳秀枝", "上課") if word in json.dumps(facts, ensure_ascii=False)] == []
    assert [sorted(line) for line in facts["lines"]] == [
        ["id", "item", "requested"],
        ["hours", "id", "in_house", "item", "month", "requested"],
        ["days", "days_per_week", "hours_per_day", "id", "item", "month", "requested"],
        ["id", "item", "requested"],
    ]
    assert set(facts["organisation"]) <= set(ORGANISATION)
    assert set(facts) == {"submitted_on", "stage", "organisation", "project", "lines"}


def test_the_page_says_what_it_does_and_that_it_needs_scripts(award, client):
    page = client.get(address(award))
    text = page.content.decode()
    assert [
        word for word in ("請先開啟 JavaScript", "9,600", "孩子的資料不公開", "自己算一次") if word not in text
    ] == []
    assert "'wasm-unsafe-eval'" in page["Content-Security-Policy"]
    assert "'unsafe-eval'" not in page["Content-Security-Policy"]
    assert "'wasm-unsafe-eval'" not in client.get(reverse("grants:disclosure"))["Content-Security-Policy"]


def test_the_quarter_s_list_leads_there(award, client):
    assert address(award) in client.get(reverse("grants:disclosure")).content.decode()


def test_an_award_that_no_law_decided_is_not_found(client):
    award = approved()
    assert address(award) not in client.get(reverse("grants:disclosure")).content.decode()
    assert client.get(address(award)).status_code == 404
    assert client.get(reverse("grants:award_again", args=["99-9999"])).status_code == 404
