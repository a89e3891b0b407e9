from django.urls import path

from grants.views.panels import interests, rankings, roster, sessions, sittings

urlpatterns = [
    path("sittings/", sittings.sitting_home, name="sittings"),
    path("sittings/<slug:slug>/", sittings.sitting, name="sitting"),
    path("panels/", roster.panels_of_counties, name="panels"),
    path("panels/<slug:county>/", roster.panel, name="panel"),
    path("panels/<slug:county>/reviewers/<int:pk>/", roster.reviewer_remit, name="reviewer_remit"),
    path("rankings/<slug:slug>/", rankings.ranking_of_scheme, name="ranking"),
    path("panels/conflicts/<int:pk>/", interests.conflict, name="conflict"),
    path("presentations/new/<slug:slug>/", sessions.session_new, name="session_new"),
    path("presentations/<int:pk>/", sessions.session, name="session"),
    path("presentations/<int:pk>/minutes.pdf", sessions.session_minutes, name="session_minutes"),
    path("presentations/<int:pk>/invite/", sessions.session_invite, name="session_invite"),
    path("presentations/<int:pk>/cancel/", sessions.session_cancel, name="session_cancel"),
    path("reviewers/mine/", interests.reviewer_details, name="reviewer_details"),
]
