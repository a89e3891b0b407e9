"""All addresses of the portal. The apps name theirs in full, so that an address is found by searching for it."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

# The administration has no door of its own: same sign-in, same limits, same second factor.
admin.autodiscover()
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("", include("communities.urls")),
    path("", include("grants.urls")),
    path("", include("evaluation.urls")),
]
