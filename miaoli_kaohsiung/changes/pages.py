"""The page of one rule that a county keeps itself: what holds, what waits for another person, and the form of a change."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise

from miaoli_kaohsiung.accounts.audiences import Who
from miaoli_kaohsiung.accounts.counties import name_of
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.permissions import SignedIn
from miaoli_kaohsiung.accounts.queries import counties_with
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused

from .forms import RuleForm
from .kinds import Kind
from .models import Change
from .queries import history, open_change
from .services import Wish

Rule = TypeVar("Rule")


@dataclass(frozen=True)
class RulePage(Generic[Rule]):
    """`rule` returns what holds in a county today, `form` the form for posted data, the county and the rule, `propose`
    keeps a wish. `refusal` is what those read who may look and not propose, `sent` what the others read
    afterwards. The template extends `changes/rule.html` and has `rule`, and the rule in `sentences` if
    there are any.
    """

    kind: Kind
    readers: Who
    rule: Callable[[str], Rule]
    form: Callable[[Any, str, Rule], RuleForm]
    propose: Callable[[User, str, Wish], Change]
    refusal: str | Promise
    sent: str | Promise
    template: str
    sentences: Callable[[Rule], list[str]] = lambda rule: []

    def respond(self, request: SignedIn, county: str) -> HttpResponse:
        """Show what holds, and propose another rule to another person."""
        if county not in counties_with(request.user, self.readers):
            raise Http404
        rule = self.rule(county)
        may_propose = county in counties_with(request.user, self.kind.proposers)
        form = self.form(request.POST or None, county, rule) if may_propose else None
        if request.method == "POST":
            if form is None:
                raise Refused(str(self.refusal))
            if form.is_valid():
                try:
                    change = self.propose(request.user, county, form.wish())
                except Refused as refused:
                    form.add_error(None, refused.reason)
                else:
                    messages.success(request, str(self.sent))
                    return redirect("changes:show", change.pk)
        context = {
            "county": county,
            "county_name": name_of(county, clock.today()),
            "rule": rule,
            "sentences": self.sentences(rule),
            "form": form,
            "waiting": open_change(self.kind.name, county, county),
            "history": history(self.kind.name, county, county),
        }
        status = 422 if form is not None and form.errors else 200
        return render(request, self.template, context, status=status)


def lead(request: SignedIn, readers: Who, address: str) -> HttpResponse:
    """Lead to the page of the person's county; with posts in several, of the first."""
    counties = sorted(counties_with(request.user, readers))
    if not counties:
        raise Http404
    return redirect(address, counties[0])
