from django.urls import path

from grants.views import awards as views

urlpatterns = [
    path("awards/<slug:number>/", views.award_detail, name="award_detail"),
]
