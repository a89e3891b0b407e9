from django.urls import path

from . import views

app_name = "changes"

urlpatterns = [
    path("changes/", views.changes, name="list"),
    path("changes/<int:pk>/", views.show, name="show"),
    path("changes/<int:pk>/check/", views.check, name="check"),
    path("changes/<int:pk>/confirm/", views.confirm, name="confirm"),
    path("changes/<int:pk>/refuse/", views.refuse, name="refuse"),
    path("changes/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("changes/<int:pk>/scan/", views.scan, name="scan"),
]
