"""Two records of one body: the officer finds the other one, says which is kept and why; another person confirms."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from communities import permissions, queries
from communities.forms.merging import MergeForm
from communities.models import Organisation
from communities.services.merging import proposals
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.lib import access

MOST_FOUND = 20


@audience(Role.CASE_OFFICER)
def merge(request: SignedIn, pk: int) -> HttpResponse:
    """Propose that this record and another one become one."""
    organisation = get_object_or_404(queries.registered(request.user), pk=pk)
    access.require(permissions.may_register(request.user, organisation))
    sought = request.GET.get("q", "").strip()
    found = _candidates(organisation, sought)
    form = MergeForm(request.POST or None, organisation=organisation, found=found)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            change = proposals.propose(request.user, *form.sides(), form.cleaned_data["reason"])
        except access.Refused as refused:
            problems = refused.reason.splitlines()
        else:
            messages.success(request, _("已提出，請另一位同仁確認。確認以前，兩筆登記照舊。"))
            return redirect("changes:show", change.pk)
    context = {
        "organisation": organisation,
        "form": form,
        "found": found,
        "sought": sought,
        "problems": problems,
        "title": _("合併重複的登記"),
    }
    return render(request, "communities/merge.html", context, status=422 if form.errors or problems else 200)


def _candidates(organisation: Organisation, sought: str) -> list[Organisation]:
    """Return the records that were sought, else those whose names are like this one's."""
    own = Organisation.objects.filter(county=organisation.county).exclude(pk=organisation.pk).order_by("name")
    if sought:
        return list(queries.search(own, sought)[:MOST_FOUND])
    near = queries.alike(organisation.name, organisation.county, organisation.pk)
    return list(own.filter(pk__in=[number for number, _name in near]))
