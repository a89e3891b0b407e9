from django.urls import path

from . import views

urlpatterns = [
    path("notices/", views.inbox, name="notices"),
    path("notices/read/", views.read_all, name="notices-read-all"),
    path("notices/<int:pk>/read/", views.read, name="notice-read"),
]
