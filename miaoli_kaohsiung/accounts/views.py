from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.numbers import whole_number

from . import changes, rescue, services
from .audiences import DEPUTY_ARRANGERS
from .forms import OwnAccountForm
from .models import User
from .permissions import PUBLIC, SignedIn, lets_in, public_page, signed_in
from .queries import changes_of, posts_ever, posts_of


@signed_in
def me(request: SignedIn) -> HttpResponse:
    """Show my name, address and posts, and the ways to password, second factor and sessions."""
    email = request.user.email
    form = OwnAccountForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        name, phone = form.cleaned_data["display_name"], form.cleaned_data["phone"]
        by = services.actor(request.user)
        services.update_account(by, request.user, display_name=name, email=email, phone=phone)
        try:
            if form.new_email:
                changes.ask_own_address(User.objects.get(pk=request.user.pk), form.new_email)
        except changes.ChangeError as refused:
            form.add_error("email", refused.reason)
        else:
            asked = _(
                "確認信已經寄到 %(email)s。請在 %(days)d 天內打開那封信，按裡面的連結；在那以前，登入和通知照舊用原來的信箱。"
            )
            params = {"email": form.new_email, "days": changes.DAYS_TO_READ}
            messages.success(request, asked % params if form.new_email else _("您的資料已經儲存。"))
            return redirect("me")
    # The header must go on showing the stored name, not the one typed into a refused form.
    request.user.refresh_from_db(fields=["display_name", "email", "phone"])
    status = 422 if form.errors else 200
    context = {"form": form, "posts": posts_ever(request.user), "waiting": changes_of(request.user)}
    context["deputies"] = lets_in(request.user, DEPUTY_ARRANGERS)
    return render(request, "accounts/me.html", context, status=status)


@signed_in
@require_POST
def act_as(request: SignedIn) -> HttpResponse:
    """Change the post in which the person works, and go on with that post's desk."""
    wanted = whole_number(request.POST.get("post", ""), digits=18)
    post = next((post for post in posts_of(request.user) if post.pk == wanted), None)
    if wanted is not None and post is None:
        raise Refused(_("您現在沒有這個職務。"))
    services.act_as(request.user, post)
    messages.success(request, _("現在的身分：%(post)s") % {"post": post.label if post else _("全部職務")})
    return redirect(settings.LOGIN_REDIRECT_URL)


@public_page
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Redirect browsers to the icon, which they look for here if a page names none, such as a PDF."""
    return redirect(static("img/icon.svg"))


@public_page
@require_safe
def email(request: HttpRequest) -> HttpResponse:
    """Redirect from django-allauth's own page, which would change a mail address without the trail."""
    return redirect("me")


@public_page
def page_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form without today's token, as after signing in again in another tab. What was typed on a page of the
    portal is sent on with one button; what another site sends is not.
    """
    match = request.resolver_match
    own = getattr(match.func, "audience", PUBLIC) != PUBLIC if match else False
    if own and rescue.from_own_page(request) and rescue.worth_keeping(request):
        return rescue.keep(request)
    return render(request, "403_csrf.html", status=403)


@signed_in
@require_safe
def rescued(request: SignedIn) -> HttpResponse:
    """Show what was typed before the session ended, to be sent on with one button."""
    kept = rescue.kept_for(request)
    if kept is None:
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "accounts/rescued.html", {"kept": kept})
