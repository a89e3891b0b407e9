"""The pages of a printed letter: its code is typed, or its QR opened, and then a password is set."""

import time

from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from miaoli_kaohsiung.lib.leads_back import no_page

from . import entry_codes, limits, locks
from .forms import EntryForm, NewPasswordForm
from .models import EntryCode
from .permissions import public_page

PROVED = "entry_code"
# How long the page of the password stays open after the code was typed.
SECONDS_OPEN = 30 * 60


@sensitive_post_parameters("code")
@public_page
def start(request: HttpRequest) -> HttpResponse:
    """Ask for the sign-in name and the code of the letter. Whatever is wrong, the answer is the same."""
    form = EntryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        login, typed = form.cleaned_data["login"], form.cleaned_data["code"]
        client = limits.within(request, "entry_code_client", limits.client_key(request))
        if not client or not limits.within(request, "entry_code", locks.key_of(login)):
            return limits.too_many(request, 5 * 60, _("這是為了防止別人猜您的開通碼。您的開通信沒有壞。"))
        row = entry_codes.find(login, typed)
        if row is not None:
            request.session[PROVED] = [row.pk, int(time.time())]
            return redirect("entry-password")
        form.add_error(
            None,
            _("登入帳號或開通碼不對，或開通碼已經用過、過期。請照信上再填一次；還是不行，請打電話給承辦人。"),
        )
    return render(request, "accounts/entry.html", {"form": form}, status=422 if form.errors else 200)


@sensitive_post_parameters("password", "again")
@public_page
def password(request: HttpRequest) -> HttpResponse:
    """Set the password, after the code was typed in this browser."""
    pk, at = request.session.get(PROVED, (0, 0))
    row = entry_codes.find_by_key(pk) if 0 <= time.time() - at < SECONDS_OPEN else None
    return redirect("entry") if row is None else _set_password(request, row)


@sensitive_post_parameters("password", "again")
@no_page
@public_page
@limits.limited("public_file")
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Set the password, after the QR of the letter was opened."""
    row = entry_codes.find_by_token(token)
    return _closed(request) if row is None else _set_password(request, row)


def _set_password(request: HttpRequest, row: EntryCode) -> HttpResponse:
    form = NewPasswordForm(request.POST or None, person=row.user)
    if request.method == "POST" and form.is_valid():
        try:
            user = entry_codes.use(row, form.cleaned_data["password"])
        except entry_codes.EntryError:
            return _closed(request)
        request.session.pop(PROVED, None)
        message = _("密碼設好了，並已經登入。下次請用登入帳號「%(name)s」和剛才的密碼登入。")
        messages.success(request, message % {"name": user.username})
        after = settings.LOGIN_REDIRECT_URL
        signed: HttpResponse = perform_login(request, user, email_verification="none", redirect_url=after)
        return signed
    context = {"form": form, "person": row.user, "purpose": row.get_purpose_display()}
    return render(request, "accounts/entry_password.html", context, status=422 if form.errors else 200)


def _closed(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/entry_closed.html", status=410)
