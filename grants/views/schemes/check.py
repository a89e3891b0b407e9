"""The check of two minutes, for anybody: one question a page, the answers in the address, nothing stored."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from grants.compliance import quick_check
from grants.forms.schemes.check import QuestionForm
from grants.queries.law.pages import address_of
from grants.queries.schemes.public import usual_sums
from miaoli_kaohsiung.accounts.limits import SECONDS_A_MINUTE, client_key, too_many, within
from miaoli_kaohsiung.accounts.permissions import public_page


@public_page
@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """Show the next question that can still change the result, or the result."""
    typed = request.GET.get("asked", "")
    # A GET of the page is not counted; each answer sent is.
    if typed and not within(request, "check", client_key(request)):
        return too_many(request, SECONDS_A_MINUTE)
    made = quick_check.Check(quick_check.from_query(request.GET))
    name = made.question()
    if name and typed == name:
        form = QuestionForm(request.GET, check=made, name=name)
        if form.is_valid():
            return redirect(_address([*made.answers.pairs(), (name, form.cleaned_data[name])]))
        return _question(request, made, form, status=422)
    if typed:
        # Answered before: through a link of the list, or the button of an earlier page.
        return redirect(_address(made.answers.pairs()))
    return _question(request, made, QuestionForm(check=made, name=name)) if name else _answer(request, made)


def _question(request: HttpRequest, made: quick_check.Check, form: QuestionForm, status: int = 200) -> HttpResponse:
    parts: dict[str, list[Any]] = {}
    if form.name == "programme":
        for programme in made.programmes:
            parts.setdefault(programme.part, []).append(programme)
    context = {
        "form": form,
        "field": form[form.name],
        "kept": made.answers.pairs(),
        "answered": _answered(made),
        "parts": parts.items(),
        "accent_county": made.answers.county,
    }
    return render(request, "grants/schemes/check/question.html", context, status=status)


def _answer(request: HttpRequest, made: quick_check.Check) -> HttpResponse:
    reasons, estimate = made.reasons(), made.estimate()
    stops = [reason for reason in reasons if reason.stops]
    assert made.scheme is not None, "no answer is given before the county is known"
    slug = made.scheme.slug
    usual = usual_sums(made.scheme).get(made.programme.pk) if made.programme else None
    context = {
        "scheme": made.scheme,
        "programme": made.programme,
        "answered": _answered(made),
        "stops": [(reason, address_of(slug, reason.clause)) for reason in stops],
        "asks": [(reason, address_of(slug, reason.clause)) for reason in reasons if not reason.stops],
        "estimate": estimate,
        "estimate_url": address_of(slug, estimate.clause) if estimate else "",
        "usual": usual,
        "papers": [] if stops else made.papers(),
        "new_url": _application(made),
        "accent_county": made.answers.county,
    }
    return render(request, "grants/schemes/check/answer.html", context)


def _answered(made: quick_check.Check) -> list[tuple[Any, str, str]]:
    """Return (question, answer, address that asks it again) of the answers given; later answers stay as far as possible."""
    pairs = made.answers.pairs()
    return [
        (QuestionForm(check=made, name=name)[name].label, words, _address([pair for pair in pairs if pair[0] != name]))
        for name, words in made.stated()
    ]


def _address(pairs: list[tuple[str, str]]) -> str:
    return f"{reverse('grants:check')}?{urlencode(pairs)}" if pairs else reverse("grants:check")


def _application(made: quick_check.Check) -> str:
    kept = [pair for pair in made.answers.pairs() if pair[0] in ("county", "programme", "area", "starts", "months")]
    return f"{reverse('grants:application_new')}?{urlencode(kept)}"
