"""What all templates keep to, and the arithmetic and links of the shared parts."""

import datetime as dt
import re
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.utils.translation import gettext

from tests.norm import broken_rules

TEMPLATES = sorted(
    path.relative_to(settings.BASE_DIR / "templates")
    for path in Path(settings.BASE_DIR, "templates").rglob("*.html")
    # Letters are rendered to PDF, not served under the content security policy.
    if not path.is_relative_to(settings.BASE_DIR / "templates" / "letters")
)
FORBIDDEN = re.compile(r"""<style\b|\sstyle=|\son[a-z]+=["']|javascript:|<script(?![^>]*\bsrc=)(?![^>]*json)""")


def test_no_inline_style_or_script():
    assert len(TEMPLATES) > 400
    texts = {template: (settings.BASE_DIR / "templates" / template).read_text() for template in TEMPLATES}
    commented = re.compile(r"{% comment.*?endcomment %}", re.DOTALL)
    found = {template: FORBIDDEN.findall(commented.sub("", text)) for template, text in texts.items()}
    assert {template: parts for template, parts in found.items() if parts} == {}


def test_no_class_paints_a_page_as_with_a_marker():
    """Bootstrap's own `mark` is a yellow ground, whatever a page means by it."""
    yellow = re.compile(r'class="(?:[^"]*\s)?mark(?:\s[^"]*)?"')
    folder = settings.BASE_DIR / "templates"
    assert [name for name in TEMPLATES if yellow.search((folder / name).read_text())] == []


def test_no_line_of_a_template_is_too_long_to_read():
    folder = settings.BASE_DIR / "templates"
    files = [path for path in folder.rglob("*") if path.suffix in {".html", ".txt"}]
    assert len(files) > 200
    long = [
        f"{path.relative_to(folder)}:{number}"
        for path in files
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > 160
    ]
    assert long == []


FORM = re.compile(r"(<form\b(?:{%.*?%}|{{.*?}}|[^>])*>)(.*?)</form>", re.DOTALL)
FIELDS = re.compile(r"\|crispy|as_crispy_field|{{ *(?:form|field|\w+_form|row)\b")


def test_the_portal_and_not_the_browser_says_what_is_missing():
    """A browser would say it in a bubble, in its own language, one field at a time."""
    folder = settings.BASE_DIR / "templates"
    silent = [
        f"{path.relative_to(folder)}: {tag}"
        for path in folder.rglob("*.html")
        for tag, body in FORM.findall(path.read_text())
        if 'method="post"' in tag and "novalidate" not in tag and FIELDS.search(body)
    ]
    assert silent == []


class Sample(forms.Form):
    name = forms.CharField(label="名稱")
    kind = forms.ChoiceField(label="類別", choices=[("a", "甲")], widget=forms.RadioSelect)

    def clean(self):
        self.add_error(None, "整份不對")


def links(html):
    return re.findall(r'<a href="(#[^"]*)">([^<]*)</a>', html)


def test_error_summary_links_to_each_field():
    html = render_to_string("partials/error_summary.html", {"form": Sample({})})
    assert links(html) == [("#id_name", "名稱：這一欄還沒有填。"), ("#div_id_kind", "類別：這一欄還沒有填。")]
    assert html.count("<li>") == 3
    assert "<li>整份不對</li>" in html


def test_error_summary_takes_several_forms_and_is_silent_when_all_is_well():
    wrong = [Sample({"0-kind": "a"}, prefix="0"), Sample({"1-name": "名"}, prefix="1")]
    html = render_to_string("partials/error_summary.html", {"forms": wrong, "show": True})
    assert links(html) == [("#id_0-name", "名稱：這一欄還沒有填。"), ("#div_id_1-kind", "類別：這一欄還沒有填。")]
    assert html.count("<li>") == 4
    assert render_to_string("partials/error_summary.html", {"form": forms.Form({})}).strip() == ""


def test_envelope_draws_shares_of_a_thousand():
    amounts = {"total": 30_000_000, "approved": 15_000_000, "paid": 3_000_000, "left": 15_000_000}
    widths = re.compile(r'<rect class="(\w+)" width="(\d+)"')
    html = render_to_string("partials/envelope.html", amounts)
    assert widths.findall(html) == [("held", "500"), ("paid", "100")]
    html = render_to_string("partials/envelope.html", amounts | {"this": 6_000_000})
    assert widths.findall(html) == [("this", "700"), ("held", "500"), ("paid", "100")]


def test_meter_says_in_words_that_it_is_over():
    assert "（超過）" in render_to_string(
        "partials/meter.html", {"label": "工資", "value": 11, "limit": 10, "over": True}
    )
    assert "（超過）" not in render_to_string("partials/meter.html", {"label": "工資", "value": 10, "limit": 10})


@pytest.mark.parametrize(
    ("suggested", "readonly", "buttons"),
    [(9600, False, ["改為上限 9,600 元"]), (0, False, ["改為上限 0 元"]), (None, False, []), (9600, True, [])],
)
def test_cap_button_only_with_a_suggested_amount(suggested, readonly, buttons):
    note = {"kind": "stop", "laws": [("肆、一、2", "/schemes/")], "message": "超出 600 元。", "suggested": suggested}
    context = {"note": note, "line": {"pk": 3}, "readonly": readonly}
    html = render_to_string("grants/applications/_note.html", context)
    assert re.findall(r'name="command" value="cap:3"[^>]*>\s*([^<]*?)\s*<', html) == buttons


@pytest.mark.parametrize("name", ["400.html", "500.html", "403_csrf.html", "429.html"])
def test_error_pages_stand_without_a_request(name):
    assert '<html lang="zh-Hant-TW"' in render_to_string(name)


def test_refusal_shows_its_reason(rf):
    request = rf.get("/")
    request.user = AnonymousUser()
    html = render_to_string("403.html", {"exception": "核定要由另一位同仁辦理。"}, request)
    assert "核定要由另一位同仁辦理。" in html


def test_own_catalogue_is_compiled():
    folder = settings.LOCALE_PATHS[0] / "zh_Hant" / "LC_MESSAGES"
    plain = re.sub(r"msgctxt .*\n.*\n.*\n", "", (folder / "django.po").read_text())
    pairs = re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', plain, re.MULTILINE)
    assert [(source, gettext(source)) for source, _ in pairs] == pairs


@pytest.mark.parametrize("name", ["400.html", "500.html", "403_csrf.html", "429.html"])
def test_error_pages_name_the_telephones_and_keep_the_norm(name):
    html = render_to_string(name)
    assert [phone in html for phone in ("07-7477611", "037-322150")] == [True, True]
    assert (html.count('class="skip" href="#content"'), html.count('<main id="content"')) == (1, 1)
    assert broken_rules(html, name) == []


def test_an_email_field_tells_the_browser_what_it_is():
    """Whoever declares the field; what a form says itself stays."""
    plain = str(forms.EmailInput().render("email", "a@example.org"))
    own = str(forms.EmailInput({"autocomplete": "username"}).render("email", None))
    assert (plain.count('autocomplete="email"'), plain.count('value="a@example.org"')) == (1, 1)
    assert (own.count("autocomplete"), own.count('autocomplete="username"')) == (1, 1)


@pytest.mark.parametrize(("steps", "shown", "folded"), [(0, 0, 0), (8, 8, 0), (9, 6, 3)])
def test_a_long_history_folds_its_older_steps(steps, shown, folded):
    entries = [{"title": f"步驟{number}", "day": dt.date(2010, 6, 1)} for number in range(steps)]
    html = render_to_string("partials/history.html", {"entries": entries})
    first, _, rest = html.partition("<details")
    assert (first.count("<li"), rest.count("<li")) == (shown, folded)
    assert re.findall("步驟[0-9]+", html) == [entry["title"] for entry in entries]
    assert [word in html for word in ("較早的 3 筆", "還沒有紀錄")] == [folded == 3, steps == 0]
