"""通知管道: by what a person may be reached, on a page of 我的帳號."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from miaoli_kaohsiung.notices.carriers import line, sms
from miaoli_kaohsiung.notices.models import Feed

from . import channels
from .channel_forms import ChannelsForm, CodeForm, PhoneForm
from .limits import SECONDS_A_DAY, too_many, within
from .models import ContactCode
from .permissions import SignedIn, signed_in

# What stands below the page's address: a form that was refused is shown again with what was typed.
Act = Callable[[SignedIn], HttpResponse | None]


@signed_in
@require_http_methods(["GET", "POST"])
def show(request: SignedIn) -> HttpResponse:
    """Show the channels; keep by which of them reminders may come."""
    if request.method == "POST":
        form = ChannelsForm(request.POST)
        form.is_valid()
        channels.choose(request.user, **form.cleaned_data)
        messages.success(request, _("已儲存。"))
        return redirect("channels")
    return _page(request)


@signed_in
@require_POST
def act(request: SignedIn, act: str) -> HttpResponse:
    """Do one thing with one channel, and show the page again."""
    if act not in ACTS:
        raise Http404
    return ACTS[act](request) or redirect("channels")


def _send_code(request: SignedIn) -> HttpResponse | None:
    form = PhoneForm(request.POST)
    if not sms.configured():
        form.add_error("phone", _("縣府還沒有開通簡訊。"))
    if not form.is_valid():
        return _page(request, phone_form=form)
    number = form.cleaned_data["phone"]
    keys = (f"user:{request.user.pk}", f"number:{number}")
    if not all(within(request, "phone_code", key) for key in keys):
        return too_many(request, SECONDS_A_DAY, _("驗證碼簡訊一天最多寄 6 次。"))
    channels.ask_phone(request.user, number)
    messages.success(request, _("驗證碼已經寄出，請看手機簡訊。"))
    return None


def _confirm(request: SignedIn) -> HttpResponse | None:
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            channels.confirm_phone(request.user, form.cleaned_data["code"])
        except channels.ChannelError as refused:
            form.add_error("code", refused.reason)
        else:
            messages.success(request, _("手機號碼已經確認。"))
            return None
    return _page(request, code_form=form)


def _end_phone(request: SignedIn) -> None:
    channels.end_phone(request.user)
    messages.success(request, _("手機號碼已經移除，不再寄簡訊。"))


def _ask_line(request: SignedIn) -> None:
    if line.configured():
        channels.ask_line(request.user)
    else:
        messages.error(request, _("縣府還沒有開通 LINE。"))


def _end_line(request: SignedIn) -> None:
    channels.end_line(request.user)
    messages.success(request, _("LINE 已經解除。"))


def _renew_feed(request: SignedIn) -> None:
    channels.renew_feed(request.user)
    messages.success(request, _("行事曆網址已經建立；以前的網址不能再用。"))


def _end_feed(request: SignedIn) -> None:
    channels.end_feed(request.user)
    messages.success(request, _("行事曆網址已經停用。"))


ACTS: dict[str, Act] = {
    "phone": _send_code,
    "code": _confirm,
    "phone-end": _end_phone,
    "line": _ask_line,
    "line-end": _end_line,
    "calendar": _renew_feed,
    "calendar-end": _end_feed,
}


def _page(
    request: SignedIn, *, phone_form: forms.Form | None = None, code_form: forms.Form | None = None
) -> HttpResponse:
    reach = channels.reach_of(request.user)
    asked = channels.open_code(request.user, ContactCode.PHONE)
    line_code = channels.open_code(request.user, ContactCode.LINE) if not reach.line_id else None
    context: dict[str, Any] = {
        "reach": reach,
        "form": ChannelsForm(initial={name: getattr(reach, name) for name in ("email", "sms", "line")}),
        "sms": sms.configured(),
        "line": line.configured(),
        "pushes": line.pushes(),
        "line_account": settings.LINE_ACCOUNT,
        "line_code": channels.code_of(line_code) if line_code else "",
        "minutes": channels.MINUTES,
        "asked": asked,
        "phone_form": phone_form or PhoneForm(initial={"phone": asked.address if asked else request.user.phone}),
        "code_form": code_form or CodeForm(),
        "refused": [form for form in (phone_form, code_form) if form],
        "feed": Feed.objects.filter(user=request.user).first(),
        "portal": settings.PORTAL_URL,
    }
    return render(request, "accounts/channels.html", context, status=422 if context["refused"] else 200)
