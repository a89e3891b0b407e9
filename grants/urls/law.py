from django.urls import path, re_path

from grants.views.law import calculator, filing
from grants.views.law.pages import law, law_export

urlpatterns = [
    path("laws/", filing.filed_laws, name="filed_laws"),
    path("laws/new/", filing.law_new, name="law_new"),
    path("laws/kinds/", filing.law_kinds, name="law_kinds"),
    path("laws/example.zip", filing.law_example, name="law_example"),
    re_path(r"^laws/(?P<slug>[a-z][a-z0-9_]{1,29})/new/$", filing.law_new, name="law_again"),
    re_path(r"^laws/(?P<pk>\d{1,12})/files\.zip$", filing.law_files, name="law_files"),
    path("schemes/<slug:slug>/law/", law, name="law"),
    path("schemes/<slug:slug>/calculator/", calculator.calculator, name="calculator"),
    re_path(r"^schemes/(?P<slug>[-\w]+)/law/export\.(?P<extension>toml|csv)$", law_export, name="law_export"),
]
