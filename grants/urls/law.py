from django.urls import path, re_path

from grants.views import calculator, law

urlpatterns = [
    path("schemes/<slug:slug>/law/", law.law, name="law"),
    path("schemes/<slug:slug>/calculator/", calculator.calculator, name="calculator"),
    re_path(r"^schemes/(?P<slug>[-\w]+)/law/export\.(?P<extension>toml|csv)$", law.law_export, name="law_export"),
]
