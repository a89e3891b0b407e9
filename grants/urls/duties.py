from django.urls import path

from grants.views import duties as views

urlpatterns = [
    path("tasks/", views.duty_list, name="duties"),
    path("tasks/<int:pk>/", views.duty, name="duty"),
    path("tasks/<int:pk>/file/", views.duty_file, name="duty_file"),
    path("applications/<slug:number>/tasks/new/", views.duty_invite, name="duty_invite"),
]
