from django.urls import path, re_path

from grants.views.law import calculator
from grants.views.law.pages import law, law_export

urlpatterns = [
    path("schemes/<slug:slug>/law/", law, name="law"),
    path("schemes/<slug:slug>/calculator/", calculator.calculator, name="calculator"),
    re_path(r"^schemes/(?P<slug>[-\w]+)/law/export\.(?P<extension>toml|csv)$", law_export, name="law_export"),
]
