"""The officers' registry of organisations, and the organisation's own page in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_http_methods, require_safe

from communities import permissions, queries
from communities.enums import OrganisationKind
from communities.filters import RegistryFilter
from communities.forms.registry import OrganisationForm, SealForm
from communities.models import Organisation
from communities.queries import waiting
from communities.services import numbers, organisations
from communities.tables import RegistryTable
from miaoli_kaohsiung.accounts import reads
from miaoli_kaohsiung.accounts.audiences import AWARD_READERS, CORRECTION_ASKERS, OFFICE_READERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.heads import OF_ASSOCIATIONS
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.accounts.queries import post_with, posts_of
from miaoli_kaohsiung.accounts.services import actor
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.queries import history_of_objects
from miaoli_kaohsiung.files.services import response
from miaoli_kaohsiung.lib import access, duplicates
from miaoli_kaohsiung.lib.numbers import whole_number
from miaoli_kaohsiung.lists.pages import Act, Listing

# An address holds no more bodies than these.
MOST_INVITED = 100
HISTORY_ROWS = 15
# Columns that no two organisations share; the name is also compared in a folded form.
UNIQUE = ("tax_id", "name", "folded_name")


def _invite(request: SignedIn, rows: QuerySet[Organisation]) -> HttpResponseBase:
    keys = list(rows.order_by().values_list("pk", flat=True))
    return redirect(f"{reverse('communities:bulk-invitations')}?{urlencode({'body': keys}, doseq=True)}")


INVITE = Act("invite", _l("邀請勾選單位的人員"), _invite, most=MOST_INVITED)


@audience(OFFICE_READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def registry(request: SignedIn) -> HttpResponseBase:
    """Show the organisations of my county or township."""
    posts = [post for post in posts_of(request.user) if post.role in OFFICE_READERS]
    counties = sorted({post.county for post in posts})
    own = {post.township_code for post in posts}
    townships = own if all(post.role == Role.TOWNSHIP_OFFICER for post in posts) else None
    rows = queries.registered(request.user).order_by("county", "township__position", "name")
    found = RegistryFilter(request.GET, rows, counties=counties, townships=townships)
    officer = post_with(request.user, Role.CASE_OFFICER)
    acts, year = [INVITE] if officer else [], found.graded_in
    listing = Listing(request, "registry", RegistryTable, found, acts, shown=queries.with_chair_term, tier_year=year)
    context = {
        "list": listing,
        "may_add": officer is not None,
        "may_scan": any(post.role in CORRECTION_ASKERS for post in posts),
        "query": f"?{listing.query}" if listing.query else "",
        "expiring": waiting.expiring_terms(counties) if officer else 0,
        "waiting": waiting.count_tier_proposals(request.user),
    }
    return listing.posted() or render(request, "communities/registry.html", context)


@audience(Role.MEMBER)
@require_safe
def mine(request: SignedIn) -> HttpResponse:
    """Show my organisation, or a choice if somebody serves in several."""
    own = list(queries.own(request.user))
    if len(own) == 1:
        return render(request, "communities/organisation.html", _page(request, own[0]))
    return render(request, "communities/mine.html", {"organisations": own})


@audience(AWARD_READERS)
@require_safe
def organisation(request: SignedIn, pk: int) -> HttpResponse:
    """Show everything that the registry knows of an organisation, as far as the post reaches."""
    if into := queries.merged_into(pk):
        return redirect("communities:organisation", into)
    found = get_object_or_404(queries.registered(request.user), pk=pk)
    page = _page(request, found)
    if page["may_see_bank"] and not page["is_own"]:
        reads.note(request.user, reads.PERSONAL, found, _("金融帳戶、幹部和聯絡電話"))
    return render(request, "communities/organisation.html", page)


@audience(Role.CASE_OFFICER)
@require_safe
def alike(request: SignedIn) -> HttpResponse:
    """Return, for the form while it is filled in, the county's bodies with a name like the one that is typed."""
    name, but = request.GET.get("name", "").strip(), request.GET.get("but", "")
    county = next(post.county for post in posts_of(request.user) if post.role == Role.CASE_OFFICER)
    found = queries.alike(name, county, whole_number(but)) if name else []
    rows = [(reverse("communities:organisation", args=[pk]), other) for pk, other in found]
    return render(request, "communities/_alike.html", {"found": rows})


@audience(Role.CASE_OFFICER)
def create(request: SignedIn) -> HttpResponse:
    """Enter an organisation of the officer's county."""
    county = next(post.county for post in posts_of(request.user) if post.role == Role.CASE_OFFICER)
    form = OrganisationForm(request.POST or None, county=county, initial={"registration_county": _county_name(request)})
    if request.method == "POST" and form.is_valid():
        fields = _columns(form.cleaned_data) | form.reasons() | {"county": county}
        by = actor(request.user, Role.CASE_OFFICER, county=county)
        with saving(request, form), trail.unit_of_work(by):
            made = organisations.create_organisation(by, **fields)
            propose_numbers(request, form, made)
        if not form.errors:
            messages.success(
                request,
                _("已登錄%(name)s。接著請登錄%(head)s和承辦人的任期，並提出金融帳戶。")
                % {"name": made.name, "head": made.head_word},
            )
            return redirect("communities:organisation", made.pk)
    context = {"form": form, "title": _("登錄單位")}
    return render(request, "communities/organisation_form.html", context, status=422 if form.errors else 200)


@audience(Role.CASE_OFFICER)
def edit(request: SignedIn, pk: int) -> HttpResponse:
    """Correct registration facts and the bank account."""
    found = get_object_or_404(queries.registered(request.user), pk=pk)
    access.require(permissions.may_register(request.user, found))
    form = OrganisationForm(request.POST or None, instance=found, county=found.county)
    if request.method == "POST" and form.is_valid():
        by = actor(request.user, Role.CASE_OFFICER, county=found.county)
        with saving(request, form), trail.unit_of_work(by):
            organisations.update_organisation(by, found, **_columns(form.cleaned_data), **form.reasons())
            propose_numbers(request, form, found)
        if not form.errors:
            messages.success(request, _("已儲存。"))
            return redirect("communities:organisation", pk)
    context = {"form": form, "organisation": found, "title": _("修改登記資料")}
    return render(request, "communities/organisation_form.html", context, status=422 if form.errors else 200)


@contextmanager
def saving(request: SignedIn, form: OrganisationForm) -> Iterator[None]:
    """Say at the field what the block was refused for; if all is well, also what waits for a second person."""
    try:
        with duplicates.shown_at(form, *UNIQUE):
            yield
    except NumberWaits as refused:
        form.add_error(refused.column, refused.reason)
    if form.odd_numbers and not form.errors:
        labels = "、".join(str(numbers.COLUMNS[column]) for column in form.odd_numbers)
        messages.info(request, _("%(labels)s要由另一位同仁確認，確認前先顯示「待確認」。") % {"labels": labels})


class NumberWaits(access.Refused):
    """An odd number that cannot be proposed; `column` says at which field."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column


def propose_numbers(request: SignedIn, form: OrganisationForm, organisation: Organisation) -> None:
    for column, (value, reason) in form.odd_numbers.items():
        try:
            numbers.propose(request.user, organisation, column, value, reason)
        except access.Refused as refused:
            raise NumberWaits(column, refused.reason) from refused


@audience(AWARD_READERS)
@require_safe
def seal(request: SignedIn, pk: int) -> HttpResponseBase:
    """Return the print of the seal, for those who see the organisation in the registry."""
    found = get_object_or_404(queries.registered(request.user).exclude(seal=None).select_related("seal"), pk=pk)
    assert found.seal is not None, "the query sees to it"
    return response(found.seal, inline=True)


@audience(Role.CASE_OFFICER)
def set_seal(request: SignedIn, pk: int) -> HttpResponse:
    """Enter the print of the seal. Not for the organisation itself: its papers are compared with it."""
    found = get_object_or_404(queries.registered(request.user), pk=pk)
    access.require(permissions.may_register(request.user, found))
    form = SealForm(request.POST, request.FILES) if request.method == "POST" else SealForm()
    if request.method == "POST" and form.is_valid():
        by = actor(request.user, Role.CASE_OFFICER, county=found.county)
        organisations.set_seal(by, found, form.cleaned_data["seal"])
        messages.success(request, _("已登錄圖記。"))
        return redirect("communities:organisation", pk)
    context = {"form": form, "organisation": found, "title": _("登錄圖記")}
    return render(request, "communities/organisation_form.html", context, status=422 if form.errors else 200)


def _page(request: SignedIn, found: Organisation) -> dict[str, Any]:
    user: Any = request.user
    former = list(Organisation.every_record.filter(merged_into=found))
    history = history_of_objects([found, *former])[:HISTORY_ROWS]
    whole = permissions.may_see_proposed_tiers(user, found)
    own = post_with(user, Role.MEMBER, organisation_id=found.pk) is not None
    return {
        "organisation": found,
        "is_own": own,
        "is_association": found.kind == OrganisationKind.COMMUNITY_ASSOCIATION,
        # The papers of a registration are those of associations: a school or a foundation is founded otherwise.
        "is_registered_group": found.head_word == str(OF_ASSOCIATIONS),
        "township": queries.township_name(found.township_id or ""),
        "terms": queries.terms_of(found),
        "former": former,
        "merging": queries.waiting_mergers(found) if permissions.may_register(user, found) else [],
        "waiting_numbers": queries.waiting_numbers(found),
        "tiers": queries.tier_history(found) if whole else queries.confirmed_tiers(found),
        "may_register": permissions.may_register(user, found),
        "may_update_contact": permissions.may_update_contact(user, found),
        "may_propose_changes": permissions.may_propose_changes(user, found),
        "may_propose_bank": permissions.may_propose_bank(user, found),
        "may_ask_recovery": permissions.may_ask_recovery(user, found),
        "waiting_changes": waiting.waiting_changes(user, found),
        "may_propose_tier": permissions.may_propose_tier(user, found),
        "may_help": permissions.may_help(user, found),
        "visits_at_counter": queries.visits_at_counter(found)[:HISTORY_ROWS] if whole or own else [],
        "may_see_bank": permissions.may_see_bank(user, found),
        "is_approver": post_with(user, Role.APPROVER, county=found.county) is not None,
        "history": [
            {
                "title": entry.action_label,
                "day": entry.portal_date,
                "who": f"{entry.actor_name} {entry.post_label}".strip(),
            }
            for entry in history
        ],
    }


def _columns(cleaned: dict[str, Any]) -> dict[str, Any]:
    """Return the form's values by column: the form's township is a code, the column is township_id."""
    return {("township_id" if name == "township" else name): value for name, value in cleaned.items()}


def _county_name(request: SignedIn) -> str:
    post = post_with(request.user, Role.CASE_OFFICER)
    return post.get_county_display() if post else ""
