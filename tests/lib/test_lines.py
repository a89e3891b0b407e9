"""Text of one line: no column of the portal and no field of a letter keeps a line break."""

import pytest
from django import forms
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models

from grants.apps import ROOMS
from grants.models import Application
from miaoli_kaohsiung.lib.lines import OneLineEmailField, OneLineField, one_line
from tests.factories.grants import ApplicationFactory


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("社區共餐\r\n請查照。", "社區共餐 請查照。"),
        ("一\n二\r三\u2028四\u2029五\x85六\x0b七\t八", "一 二 三 四 五 六 七 八"),
        (" 前後 \n", "前後"),
        ("王　小明  A", "王　小明  A"),
        ("", ""),
    ],
)
def test_line_breaks_become_blanks_and_other_blanks_stay(typed, kept):
    assert one_line(typed) == kept
    assert OneLineField(required=False).clean(typed) == kept.strip()


def columns() -> list[models.Field]:
    """Every column of one line of the portal's own tables; choices and Django's own columns are no free text."""
    found = [
        field
        for app in ROOMS
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.local_fields
        if isinstance(field, models.CharField) and not field.choices
    ]
    kinds = (models.SlugField, ArrayField)
    return [
        f
        for f in found
        if not isinstance(f, kinds)
        and f.model.__module__.split(".")[0] != "django"
        and f.name not in ("username", "password")
    ]


def test_every_column_of_one_line_keeps_none():
    poison = "社區共餐\r\n同意核定，請查照。\u2028x"
    kept = {
        str(field): field.get_prep_value(poison)
        for field in columns()
        if field.get_prep_value(poison) != one_line(poison)
    }
    assert (kept, len(columns()) > 100) == ({}, True)
    assert sum(isinstance(field, models.EmailField) for field in columns()) >= 6


@pytest.mark.parametrize("typed", ["a@example.org\nBcc: b@example.org", "a@example.org\u2028x", "a\r@example.org"])
def test_no_field_of_a_form_takes_an_address_of_two_lines(typed):
    with pytest.raises(ValidationError):
        OneLineEmailField().clean(typed)
    assert OneLineEmailField().clean(" a@example.org\n") == "a@example.org"


def test_every_form_of_the_portal_asks_for_addresses_that_way():
    def below(kind: type) -> set[type]:
        return {kind}.union(*(below(child) for child in kind.__subclasses__()))

    plain = {
        f"{form.__name__}.{name}"
        for form in below(forms.BaseForm)
        if form.__module__.split(".")[0] in ("grants", "communities", "evaluation", "miaoli_kaohsiung")
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, forms.EmailField) and not isinstance(field, OneLineEmailField)
    }
    assert plain == set()


@pytest.mark.django_db
def test_what_is_saved_created_in_bulk_or_updated_is_one_line():
    case = ApplicationFactory(title="甲\n乙")
    case.refresh_from_db()
    assert case.title == "甲 乙"
    Application.objects.filter(pk=case.pk).update(
        title="丙\r\n丁", place="戊\u2029己", contact_email="a@example.org\nBcc: b@example.org"
    )
    case.refresh_from_db()
    assert (case.title, case.place) == ("丙 丁", "戊 己")
    assert case.contact_email == "a@example.org Bcc: b@example.org"
    line = case.lines.model(application=case, position=1, item="meals", description="早\n餐")
    case.lines.bulk_create([line])
    assert case.lines.get().description == "早 餐"
