"""Texts that are printed are looked at where they are typed."""

import pytest
from django import forms
from fontTools.ttLib import TTFont

from miaoli_kaohsiung.lib import pdf
from miaoli_kaohsiung.lib.printable import Printed


class Form(Printed, forms.Form):
    name = forms.CharField()
    also = forms.CharField(required=False)
    many = forms.MultipleChoiceField(choices=[("好", "好"), ("\ue003", "x")], required=False)


def test_what_can_be_printed_passes():
    form = Form({"name": "王堃﨑 ABC", "also": "", "many": ["好"]})
    assert form.errors == {}


def test_a_character_that_nobody_can_print_is_said_at_its_field():
    form = Form({"name": "林\ue003惠😀", "also": "社區"})
    assert form.errors == {"name": ["這些字印不出來，請改用通用的字：「\ue003」（U+E003）、「😀」（U+1F600）"]}
    assert form.cleaned_data == {"also": "社區", "many": []}


def test_a_choice_of_several_is_looked_at_too():
    assert list(Form({"name": "王", "many": ["\ue003"]}).errors) == ["many"]


def test_numbers_lie_in_their_spans_and_nowhere_else():
    spans = pdf._Spans([(20, 30), (5, 8), (9, 10), (25, 40), (50, 50)])
    assert [number for number in range(60) if number in spans] == [*range(5, 11), *range(20, 41), 50]
    assert ("a" in spans, 5 in pdf._Spans([])) == (False, False)


def test_a_machine_without_fonts_refuses_no_text(monkeypatch):
    def missing():
        raise pdf.UnavailableError("Fonts are missing")

    monkeypatch.setattr(pdf, "_drawable", missing)
    assert Form({"name": "林\ue003惠"}).errors == {}


PRINTED = [
    ("grants.forms.applications.steps", "OrganisationStep"),
    ("grants.forms.applications.steps", "ProjectStep"),
    ("grants.forms.applications.steps", "ReasonForm"),
    ("grants.forms.applications.budget", "LineForm"),
    ("grants.forms.letters", "LetterForm"),
    ("grants.forms.reviews", "ProposalForm"),
    ("grants.forms.reviews", "RejectionForm"),
    ("grants.forms.applications.correction_requests", "CorrectionForm"),
    ("grants.forms.payments", "ReceiptForm"),
    ("communities.forms.registry", "OrganisationForm"),
    ("communities.forms.registry", "ContactForm"),
    ("communities.forms.people", "TermForm"),
    ("miaoli_kaohsiung.accounts.forms", "AccountForm"),
]


@pytest.mark.parametrize(("module", "name"), PRINTED)
def test_the_forms_whose_texts_are_printed(module, name):
    """Names, titles, reasons, the words of letters: what a document shows was looked at when it was typed."""
    from importlib import import_module

    assert issubclass(getattr(import_module(module), name), Printed)


def test_fontconfig_says_of_a_font_what_is_in_it():
    (name,) = pdf._font_files("TW-Kai-Plus")
    with TTFont(name, lazy=True) as font:
        found = {point for first, last in pdf._spans_of(name) for point in range(first, last + 1)}
        assert found == set(font.getBestCmap())
