from django.urls import path, re_path

from grants.views import sanctions as views

urlpatterns = [
    path("sanctions/", views.sanction_list, name="sanctions"),
    path("sanctions/<int:pk>/", views.sanction_page, name="sanction"),
    re_path(
        r"^sanctions/(?P<pk>\d{1,12})/(?P<name>confirm|refuse|withdraw)/$",
        views.sanction_decide,
        name="sanction_decide",
    ),
    path("awards/<slug:number>/sanction/", views.sanction_new, name="sanction_new"),
    path("sanctions/<int:pk>/lift/", views.sanction_lift, name="sanction_lift"),
    re_path(
        r"^sanctions/(?P<pk>\d{1,12})/lift/(?P<lifting_id>\d{1,12})/(?P<name>confirm|refuse|withdraw)/$",
        views.lifting_decide,
        name="lifting_decide",
    ),
]
