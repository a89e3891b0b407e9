from django.urls import path

from grants.views import awards as views

urlpatterns = [
    path("awards/<str:number>/", views.award_detail, name="award_detail"),
]
