from django.urls import path, re_path

from grants.views.rulings import parameters, waivers

urlpatterns = [
    path("rulings/", parameters.ruling_list, name="rulings"),
    path("rulings/new/<slug:slug>/", parameters.ruling_new, name="ruling_new"),
    path("rulings/<int:pk>/", parameters.ruling_page, name="ruling"),
    path("rulings/<int:pk>/scan/", parameters.ruling_scan, name="ruling_scan"),
    re_path(
        r"^rulings/(?P<pk>\d{1,12})/(?P<name>confirm|refuse|withdraw)/$", parameters.ruling_decide, name="ruling_decide"
    ),
    path("applications/<slug:number>/waivers/", waivers.waiver_list, name="waivers"),
    path("applications/<slug:number>/waivers/<int:pk>/scan/", waivers.waiver_scan, name="waiver_scan"),
    re_path(
        r"^applications/(?P<number>[-\w]+)/waivers/(?P<pk>\d{1,12})/(?P<name>confirm|refuse|withdraw)/$",
        waivers.waiver_decide,
        name="waiver_decide",
    ),
]
