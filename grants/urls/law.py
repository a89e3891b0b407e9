from django.urls import path, re_path

from grants.views import law

urlpatterns = [
    path("schemes/<slug:slug>/law/", law.law, name="law"),
    re_path(r"^schemes/(?P<slug>[-\w]+)/law/export\.(?P<extension>toml|csv)$", law.law_export, name="law_export"),
]
