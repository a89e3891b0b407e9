"""All addresses of the portal. The apps name theirs in full, so that an address is found by searching for it."""

from django.contrib import admin
from django.urls import include, path

from miaoli_kaohsiung.accounts import limits

handler429 = limits.handler429

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("miaoli_kaohsiung.accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("", include("miaoli_kaohsiung.changes.urls")),
    path("", include("miaoli_kaohsiung.lists.urls")),
    path("", include("miaoli_kaohsiung.demo.urls")),
    path("", include("miaoli_kaohsiung.help.urls")),
    path("", include("communities.urls")),
    path("", include("grants.urls")),
    path("", include("evaluation.urls")),
    path("", include("miaoli_kaohsiung.privacy.urls")),
]
