"""What is held on a person, seen by the person, and handed over at the counter."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from miaoli_kaohsiung.accounts.audiences import CASE_OFFICERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience, signed_in
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.audit.trail import Actor

from . import copies, holdings
from .forms import AskingForm

ZIP = "application/zip"


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: SignedIn) -> HttpResponse:
    """Show what is held on oneself; posting downloads the copy."""
    subject = holdings.of_account(request.user)
    if request.method == "POST":
        return _download(copies.own(request.user, subject))
    return render(request, "privacy/mine.html", {"holdings": holdings.held_on(subject)})


@audience(CASE_OFFICERS)
@require_http_methods(["GET", "HEAD", "POST"])
def for_somebody(request: SignedIn) -> HttpResponse:
    """Make the copy for somebody at the counter who showed who they are."""
    form = AskingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        post = next(post for post in posts_of(request.user) if post.role == Role.CASE_OFFICER)
        data = form.cleaned_data
        subject = holdings.of_name(data["name"], post.county, data["national_id"], data["login"])
        if subject.user or subject.bodies:
            return _download(copies.for_somebody(Actor(request.user, post.label), subject, data["how"]))
        form.add_error("name", _("本縣沒有這個人的資料。姓名要和登記的一樣；有帳號的，請再填登入帳號或電子信箱。"))
    status = 422 if form.errors else 200
    return render(request, "privacy/counter.html", {"form": form}, status=status)


def _download(content: bytes) -> HttpResponse:
    answer = HttpResponse(content, content_type=ZIP)
    answer["Content-Disposition"] = "attachment; filename=personal-data.zip"
    answer["Cache-Control"] = "private, no-store"
    return answer
