from django.urls import path

from grants.views.panels import interests, rankings, roster, sittings

urlpatterns = [
    path("sittings/", sittings.sitting_home, name="sittings"),
    path("sittings/<slug:slug>/", sittings.sitting, name="sitting"),
    path("panels/", roster.panels_of_counties, name="panels"),
    path("panels/<slug:county>/", roster.panel, name="panel"),
    path("panels/<slug:county>/reviewers/<int:pk>/", roster.reviewer_remit, name="reviewer_remit"),
    path("rankings/<slug:slug>/", rankings.ranking_of_scheme, name="ranking"),
    path("reviewers/mine/", interests.reviewer_details, name="reviewer_details"),
]
