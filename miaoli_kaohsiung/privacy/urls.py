from django.urls import path

from . import disposal_views, views

app_name = "privacy"
urlpatterns = [
    path("privacy/", views.notice, name="notice"),
    path("privacy/register/", views.fields, name="fields"),
    path("privacy/disposal/", disposal_views.lists, name="disposals"),
    path("privacy/disposal/<int:pk>/", disposal_views.show, name="disposal"),
    path("privacy/disposal/<int:pk>/propose/", disposal_views.propose, name="disposal-propose"),
]
