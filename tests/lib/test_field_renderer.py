"""Fields are drawn as Django's templates draw them."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates, TemplatesSetting
from django.test.html import parse_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _l

from miaoli_kaohsiung.lib import field_renderer
from miaoli_kaohsiung.lib.field_renderer import FieldRenderer

ATTRS = {
    "id": "id_a",
    "class": "form-control",
    "required": True,
    "disabled": False,
    "title": "<b>\"x\" & 'y'",
    "data-marked": mark_safe("&amp;"),
    "placeholder": _l("搜尋"),
    "rows": 3,
}
INPUTS = [
    forms.TextInput(),
    forms.NumberInput(),
    forms.HiddenInput(),
    forms.CheckboxInput(),
    forms.DateInput(),
    forms.PasswordInput(render_value=True),
    forms.TelInput(),
    forms.URLInput(),
    forms.SearchInput(),
    forms.ColorInput(),
    forms.FileInput(),
    forms.Textarea(),
]
GROUPS = [("", "全部"), ("<a>", mark_safe("<b>甲</b>")), (7, "七"), ("縣 & 鄉", [("x", '"乙"'), ("y", _l("搜尋"))])]


@pytest.mark.parametrize("widget", INPUTS, ids=lambda widget: type(widget).__name__)
@pytest.mark.parametrize("value", [None, "", "<i>\"'&", 0, 5, True, False, mark_safe("&lt;"), _l("搜尋")])
def test_an_input_is_drawn_byte_for_byte_as_from_its_template(widget, value):
    for attrs in ({}, ATTRS):
        drawn = widget.render("a<b", value, attrs, FieldRenderer())
        assert drawn == widget.render("a<b", value, attrs, TemplatesSetting())


@pytest.mark.parametrize("value", [None, "", "<a>", 7, "7", "y", "none of them"])
@pytest.mark.parametrize("widget", [forms.Select(choices=GROUPS), forms.SelectMultiple(choices=GROUPS)])
def test_a_list_of_choices_says_what_djangos_says(widget, value):
    for attrs in ({}, ATTRS):
        drawn = widget.render("a", value, attrs, FieldRenderer())
        assert parse_html(drawn) == parse_html(widget.render("a", value, attrs, DjangoTemplates()))


def test_plain_fields_read_no_template_and_others_do(monkeypatch):
    asked = []

    def noted(self, name, context, request=None):
        asked.append(name)
        return ""

    monkeypatch.setattr(TemplatesSetting, "render", noted)
    for widget in (*INPUTS, forms.Select(choices=GROUPS), forms.EmailInput(), forms.RadioSelect(choices=GROUPS[:2])):
        widget.render("a", "", {}, FieldRenderer())
    assert asked == ["django/forms/widgets/email.html", "django/forms/widgets/radio.html"]


def test_it_knows_no_template_that_the_portal_has_of_its_own(settings):
    own = settings.BASE_DIR / "templates"
    assert [name for name in field_renderer._DRAWN if (own / name).exists()] == []
