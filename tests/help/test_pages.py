import re

import pytest
from django.contrib.staticfiles import finders

from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.help.pages import ADOPTING, FOLDER, INDEX, page

NAMES = sorted(path.stem for path in FOLDER.glob("*.md") if path.stem != INDEX)


def test_every_post_has_its_guide():
    assert sorted(role.value.replace("_", "-") for role in Role) == NAMES


def test_the_list_leads_to_every_guide(client):
    html = client.get("/help/").content.decode()
    guides = set(re.findall(r'href="/help/([a-z-]+)/"', html)) - {"glossary"}
    assert sorted(guides) == sorted([ADOPTING, *NAMES])
    assert "<h1>使用說明</h1>" in html


@pytest.mark.parametrize("name", NAMES)
def test_a_guide_is_a_page_with_its_pictures(client, name):
    answer = client.get(f"/help/{name}/")
    html = answer.content.decode()
    pictures = re.findall(r'<img src="/static/([^"]+)"', html)
    assert answer.status_code == 200
    assert html.count("<h1") == 1
    assert pictures
    assert [picture for picture in pictures if finders.find(picture) is None] == []
    assert ".md" not in html


def test_the_steps_of_adopting_lead_to_the_guides(client):
    answer = client.get(f"/help/{ADOPTING}/")
    html = answer.content.decode()
    links = set(re.findall(r'href="(/help/[^"#]+)"', html.partition("<main")[2]))
    assert answer.status_code == 200
    assert len(links) > 2
    assert [link for link in links if client.get(link).status_code != 200] == []
    assert ".md" not in html


@pytest.mark.parametrize("name", ["readme", INDEX, "nothing"])
def test_what_is_no_guide_is_not_found(client, name):
    assert client.get(f"/help/{name}/").status_code == 404


def test_markup_in_a_guide_stays_text(tmp_path, monkeypatch):
    (tmp_path / "odd.md").write_text("# Odd\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1))\n")
    monkeypatch.setattr("miaoli_kaohsiung.help.pages.FOLDER", tmp_path)
    found = page("odd")
    assert found.title == "Odd"
    assert "<script" not in found.html
    assert "javascript:" not in re.findall(r'href="([^"]*)"', found.html)
