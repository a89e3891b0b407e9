from django.urls import path

from . import copy_views, disposal_views, views

app_name = "privacy"
urlpatterns = [
    path("privacy/", views.notice, name="notice"),
    path("privacy/register/", views.fields, name="fields"),
    path("privacy/mine/", copy_views.mine, name="mine"),
    path("privacy/copy/", copy_views.for_somebody, name="copy"),
    path("privacy/disposal/", disposal_views.lists, name="disposals"),
    path("privacy/disposal/<int:pk>/", disposal_views.show, name="disposal"),
    path("privacy/disposal/<int:pk>/propose/", disposal_views.propose, name="disposal-propose"),
]
