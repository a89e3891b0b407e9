from django.urls import path

from . import views

app_name = "lists"

urlpatterns = [
    path("bulk/", views.bulk_runs, name="bulk_runs"),
    path("bulk/<int:pk>/", views.bulk_run, name="bulk_run"),
]
