from django.urls import path

from grants.views import central

urlpatterns = [
    path("central/", central.request_list, name="central_requests"),
    path("central/programmes/", central.programme_list, name="central_programmes"),
    path("central/programmes/new/", central.programme_new, name="central_programme_new"),
    path("central/programmes/<int:pk>/", central.programme_edit, name="central_programme"),
    path("central/ask/<int:pk>/", central.ask, name="central_ask"),
    path("central/<int:pk>/", central.request_page, name="central_request"),
    path("central/<int:pk>/forward/", central.forward, name="central_forward"),
    path("central/<int:pk>/result/", central.result, name="central_result"),
]
