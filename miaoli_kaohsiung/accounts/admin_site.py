"""Django's administration, for administrators to look only. All changes go through the services."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from .enums import Role
from .permissions import lacks_second_factor
from .queries import post_with


class PortalAdminSite(admin.AdminSite):
    """Has no sign-in of its own: it uses the portal's, with its limits and second factor, and asks for the post of
    administrator of both counties, because its lists know no county.
    """

    site_header = site_title = _("社區補助網　系統管理")

    def has_permission(self, request: HttpRequest) -> bool:
        user: Any = request.user
        return post_with(user, Role.ADMINISTRATOR, county="") is not None and not lacks_second_factor(user)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        user: Any = request.user
        if not user.is_authenticated:
            return redirect_to_login(request.GET.get("next") or request.get_full_path())
        if lacks_second_factor(user):
            return redirect("mfa_activate_totp")
        raise PermissionDenied(_("系統管理只給管理各縣的系統管理員使用。"))


class WindowAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # takes no brackets at run time
    """Look, search, filter. Only the services write the trail, so nothing is added, changed or deleted here."""

    actions = None
    list_per_page = 50
    show_full_result_count = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_module_permission(self, request: HttpRequest) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_change_permission = has_delete_permission = has_add_permission
