from django.urls import path

from grants.views.panels import interests, sittings

urlpatterns = [
    path("sittings/", sittings.sitting_home, name="sittings"),
    path("sittings/<slug:slug>/", sittings.sitting, name="sitting"),
    path("reviewers/mine/", interests.reviewer_details, name="reviewer_details"),
]
