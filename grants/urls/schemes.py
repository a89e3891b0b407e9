from django.urls import path, re_path

from grants.views.schemes import check, data, envelopes, public, return_terms

urlpatterns = [
    path("", public.home, name="home"),
    path("check/", check.check, name="check"),
    path("schemes/", public.scheme_list, name="schemes"),
    path("schemes/new/", data.scheme_new, name="scheme_new"),
    path("schemes/<slug:slug>/", public.scheme_page, name="scheme"),
    path("schemes/<slug:slug>/envelopes/", envelopes.envelope_form, name="envelope"),
    path("schemes/<slug:slug>/envelopes/<int:pk>/scan/", envelopes.envelope_scan, name="envelope_scan"),
    path("schemes/<slug:slug>/data/", data.scheme_data, name="scheme_data"),
    path("schemes/<slug:slug>/data/change/", data.scheme_change, name="scheme_change"),
    path("schemes/<slug:slug>/data/year/", data.scheme_year, name="scheme_year"),
    path("schemes/<slug:slug>/returns/", return_terms.return_terms_form, name="return_terms"),
    re_path(
        r"^schemes/(?P<slug>[-\w]+)/returns/(?P<pk>\d{1,12})/(?P<name>confirm|refuse|withdraw)/$",
        return_terms.return_terms_decide,
        name="return_terms_decide",
    ),
    re_path(
        r"^schemes/(?P<slug>[-\w]+)/envelopes/(?P<pk>\d{1,12})/(?P<name>confirm|refuse|withdraw)/$",
        envelopes.envelope_decide,
        name="envelope_decide",
    ),
]
