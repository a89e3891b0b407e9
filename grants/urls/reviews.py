from django.urls import path

from grants.views.awards import decisions
from grants.views.reviews import checks, county_rules, first_reviews, proposals, reopenings, reviewers

urlpatterns = [
    path("deciding-rules/", county_rules.deciding_rules_of_counties, name="deciding_rules_of_counties"),
    path("deciding-rules/<slug:county>/", county_rules.deciding_rules, name="deciding_rules"),
    path("applications/<slug:number>/receive/", checks.case_receive, name="case_receive"),
    path("applications/<slug:number>/forward/", first_reviews.case_forward, name="case_forward"),
    path(
        "applications/<slug:number>/township-letter/", first_reviews.case_township_letter, name="case_township_letter"
    ),
    path("applications/<slug:number>/check/", checks.case_check, name="case_check"),
    path("applications/<slug:number>/correction/", checks.case_correction, name="case_correction"),
    path("applications/<slug:number>/delivery/", checks.case_delivery, name="case_delivery"),
    path("applications/<slug:number>/refusal/", checks.case_refusal, name="case_refusal"),
    path("applications/<slug:number>/reviewers/", reviewers.case_reviewers, name="case_reviewers"),
    path("applications/<slug:number>/review/", reviewers.case_review, name="case_review"),
    path("applications/<slug:number>/proposal/", proposals.case_proposal, name="case_proposal"),
    path("applications/<slug:number>/proposal/take-back/", proposals.case_take_back, name="case_take_back"),
    path("applications/<slug:number>/decisions/", reopenings.case_decisions, name="case_decisions"),
    path("applications/<slug:number>/reopening/", reopenings.case_reopening, name="case_reopening"),
    path("applications/<slug:number>/decision/", decisions.case_decision, name="case_decision"),
]
