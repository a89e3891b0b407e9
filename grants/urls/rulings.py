from django.urls import path, re_path

from grants.views import rulings, waivers

urlpatterns = [
    path("rulings/", rulings.ruling_list, name="rulings"),
    path("rulings/new/<slug:slug>/", rulings.ruling_new, name="ruling_new"),
    path("rulings/<int:pk>/", rulings.ruling_page, name="ruling"),
    path("rulings/<int:pk>/scan/", rulings.ruling_scan, name="ruling_scan"),
    re_path(r"^rulings/(?P<pk>\d{1,12})/(?P<name>confirm|refuse)/$", rulings.ruling_decide, name="ruling_decide"),
    path("applications/<slug:number>/waivers/", waivers.waiver_list, name="waivers"),
    path("applications/<slug:number>/waivers/<int:pk>/scan/", waivers.waiver_scan, name="waiver_scan"),
    re_path(
        r"^applications/(?P<number>[-\w]+)/waivers/(?P<pk>\d{1,12})/(?P<name>confirm|refuse)/$",
        waivers.waiver_decide,
        name="waiver_decide",
    ),
]
