from django.urls import path

from grants.views import check, schemes

urlpatterns = [
    path("", schemes.home, name="home"),
    path("check/", check.check, name="check"),
    path("schemes/", schemes.scheme_list, name="schemes"),
    path("schemes/<slug:slug>/", schemes.scheme_page, name="scheme"),
    path("schemes/<slug:slug>/envelopes/", schemes.envelope_form, name="envelope"),
]
