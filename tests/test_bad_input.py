"""Whatever is typed into whatever form, or put into an address, the portal answers with words and never breaks (R20).

In `make test` each field of a form meets a ninth of the payloads, another ninth in each form; in `make soak` all of them.
Each page is looked at as it stands, too: its HTML is sound (tests/markup.py).
"""

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from urllib.parse import urlencode
from xml.etree.ElementTree import Element

import pytest
import tinyhtml5
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve

from miaoli_kaohsiung.lib.leads_back import LeadsBack
from tests.markup import faults_of
from tests.recorded import Pressed, press, unrecorded
from tests.routes import nothing
from tests.scenes import SCENES, Scene, is_page
from tests.test_routes import KNOWN
from tests.undeclared import taken

pytestmark = pytest.mark.django_db

# fmt: off
NASTY: list[str | bytes] = [
    # what stands for nothing, or breaks out of it
    "", " ", "　", "\x00", "a\x00b", "\r\n", "a\r\nSet-Cookie: b=c", "\t", "\x1b[31m", "\x7f", b"\xff\xfe", b"\xed\xa0\x80",
    # characters that read otherwise than they stand
    "\u202e100", "\u200b", "\ufeff1", "é" * 2, "Z\u0351\u036b\u0343", "👩‍👩‍👧", "𠮷野家", "１２３", "一千", "½", "²", "٣",
    # amounts, numbers and days that are none
    "-5", "-1", "1e9", "1.5", "0x10", "NaN", "Infinity", "9" * 12, "9" * 30, "9" * 5000, "99/2/31", "0/1/1", "2010-13-45", "999999/1/1",
    # what means something to somebody else
    "<script>alert(1)</script>", "'; DROP TABLE grants_application; --", "{{ 7*7 }}", "%s%n%(x)s", "../../etc/passwd", "x" * 100_000,
]
# fmt: on
# Of the payloads that fields meet together, and of those that a field meets alone, one of so many is sent.
TOGETHER, ALONE = (1, 20) if os.environ.get("SOAK") else (9, len(NASTY))
# Forms whose save of what already stands there writes a row and no entry, each with the reason why that is right.
NO_CHANGE = {
    "grants:letter_detail": "the edition goes on, so that another window's older page is refused; the words stay",
    "communities:registry-import-columns": "the preview of a list is made anew; the registry is not touched before it is confirmed",
}
# Fields that a form has although its page shows no box for them, each with the reason.
NOT_SHOWN = {"grants:reviewer_remit": {"programmes"}}  # the county of the test has none to tick
PLACES = ("page", "q", "view", "status", "kind", "year", "programme", "township", "tier", "next", "sort", "day")


@dataclass
class Form:
    """A form as the page offers it."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    @property
    def name(self) -> str:
        try:
            return resolve(self.action).view_name
        except Resolver404:
            return ""


def forms_of(html: str, url: str) -> list[Form]:
    """The forms of a page that post, each with the fields and buttons that belong to it wherever they stand."""
    page = tinyhtml5.parse(html, namespace_html_elements=False)
    found = {}
    for place, element in enumerate(page.iter("form")):
        if (element.get("method") or "").lower() == "post":
            form = Form((element.get("action") or url).split("?")[0])
            found[element.get("id") or place] = form
            for control in element.iter():
                take(form, control)
    for control in page.iter():
        if control.get("form") in found:
            take(found[control.get("form")], control)
    return list(found.values())


def take(form: Form, control: Element) -> None:
    name, kind = control.get("name"), control.get("type", "")
    if not name or name == "csrfmiddlewaretoken" or kind == "file":
        return
    if control.tag == "button":
        form.buttons.append((name, control.get("value") or ""))
    elif control.tag in ("input", "textarea", "select"):
        if kind not in ("radio", "checkbox") or control.get("checked") is not None or name not in form.fields:
            form.fields[name] = value_of(control)
        if kind == "hidden":
            form.hidden.add(name)


def value_of(control: Element) -> str:
    if control.tag == "select":
        options = [*control.iter("option")]
        chosen = [option for option in options if option.get("selected") is not None] or options[:1]
        return chosen[0].get("value") or "" if chosen else ""
    return control.get("value") or control.text or ""


def posts_of(form: Form) -> Iterator[dict[str, str | bytes]]:
    """Every field meets every payload, all fields at once; then each field alone, beside what the page offered. Of the rows
    of a table, which are read alike, two stand for all.
    """
    typed = [name for name in form.fields if name not in form.hidden]
    buttons = form.buttons or [("", "")]
    for turn in range(len(form.action) % TOGETHER, len(NASTY), TOGETHER):
        name, value = buttons[turn % len(buttons)]
        nasty = {typed[i]: NASTY[(turn + i) % len(NASTY)] for i in range(len(typed))}
        yield form.fields | nasty | {name: value}
    for turn, alone in enumerate(two_of_a_kind([*form.fields, *(name for name, _value in form.buttons)])):
        for payload in islice(NASTY, turn % ALONE, None, ALONE):
            yield form.fields | {buttons[0][0]: buttons[0][1]} | {alone: payload}


def two_of_a_kind(names: list[str]) -> Iterator[str]:
    met: Counter[str] = Counter()
    for name in dict.fromkeys(names):
        kind = re.sub(r"\d+", "0", name)
        met[kind] += 1
        if met[kind] <= 2:
            yield name


def answer_to(client: Client, method: str, url: str, data: dict) -> int:
    """The status, with whatever was written taken back. An exception in the portal is raised here."""
    body = urlencode(data)
    with transaction.atomic():
        if method == "GET":
            answer = client.generic("GET", url, QUERY_STRING=body)
        else:
            answer = client.generic("POST", url, body, content_type="application/x-www-form-urlencoded")
        transaction.set_rollback(True)
    return answer.status_code


def buttons_of(forms: list[Form]) -> Iterable[tuple[Form, str, str]]:
    """One button of each kind, with its form."""
    found = {
        (form.name, name, value.partition(":")[0]): (form, name, value)
        for form in forms
        for name, value in form.buttons or [("", "")]
    }
    return found.values()


@dataclass
class Push:
    """A button that was pressed with what the page offers, and what came of it; `beside` are the forms of its address."""

    form: Form
    value: str
    fields: dict[str, str]
    beside: list[Form]
    pressed: Pressed


def pushes_of(client: Client, forms: list[Form]) -> list[Push]:
    found = []
    for form, name, value in buttons_of(forms):
        fields = form.fields | {name: value}
        beside = [other for other in forms if other.action == form.action]
        found.append(Push(form, value, fields, beside, press(client, form.action, fields)))
    return found


def fields_taken_unasked(client: Client, pushes: list[Push]) -> dict[tuple[str, str], list[str]]:
    """The buttons of the page that, pressed with fields that the page does not offer, write them (R13)."""
    found = {}
    for push in pushes:
        # One address may take several forms of its page.
        names = {name for form in push.beside for name in (*form.fields, *dict(form.buttons))}
        offered = names | NOT_SHOWN.get(push.form.name, set())
        if rows := taken(client, push.form.action, push.fields, offered, push.pressed):
            found[push.form.action, push.value] = rows
    return found


def pressed_without_a_trace(pushes: list[Push]) -> dict[tuple[str, str], list[str]]:
    """The buttons of the page that, pressed with what the page offers, change something and leave no entry (R27)."""
    changing = [(push, unrecorded(push.pressed)) for push in pushes if push.form.name not in NO_CHANGE]
    return {(push.form.action, push.value): rows for push, rows in changing if rows}


@pytest.mark.parametrize("scene", SCENES, ids=str)
def test_a_page_is_sound_and_no_form_of_it_breaks(scene: Scene):
    client, url = scene.enter()
    page = client.get(url)
    if not is_page(page):
        return
    assert faults_of(page) == []
    met: Counter[str] = Counter()
    forms = forms_of(page.content.decode(), url)
    pushes = pushes_of(client, forms)
    assert pressed_without_a_trace(pushes) == {}
    assert fields_taken_unasked(client, pushes) == {}
    for form in forms:
        # A form that leads to another page is met there; one whose address only takes posts, here. Two of a kind are enough.
        met[form.action] += 1
        own = form.name == scene.name or (form.name in KNOWN and isinstance(client.get(form.action), LeadsBack))
        if form.fields and own and met[form.action] <= 2:
            broken = [data for data in posts_of(form) if answer_to(client, "POST", form.action, data) >= 500]
            assert broken == [], form.action


@pytest.mark.parametrize("scene", [scene for scene in SCENES if scene.build is nothing], ids=str)
def test_no_address_breaks(scene: Scene):
    """Filters, page numbers and whatever else stands behind the question mark of a list."""
    client, url = scene.enter()
    for turn in range(len(NASTY)):
        query = {place: NASTY[(turn + i) % len(NASTY)][:2000] for i, place in enumerate(PLACES)}
        assert answer_to(client, "GET", url, query) < 500, query


def test_two_rows_of_a_table_stand_for_all():
    rows = [f"lines-{row}-{column}" for row in range(3) for column in ("item", "amount")]
    assert [*two_of_a_kind(["title", *rows, "go", "go"])] == ["title", *rows[:4], "go"]


def test_the_reader_of_forms_reads_them():
    html = """<form method="post" id="a"><input name="n" value="1"><input type="hidden" name="edition" value="3">
    <select name="s"><option value="x"><option value="y" selected></select><textarea name="t">words</textarea>
    <input type="file" name="f"></form><form method="get"><input name="q"></form><button form="a" name="go" value="on">"""
    (form,) = forms_of(html, "/applications/")
    assert form.fields == {"n": "1", "edition": "3", "s": "y", "t": "words"}
    assert (form.hidden, form.buttons, form.name) == ({"edition"}, [("go", "on")], "grants:application_list")
