from django.urls import path

from grants.views import overview

urlpatterns = [
    path("payments/overview/", overview.money_overview, name="money_overview"),
    path("county/", overview.county_dashboard, name="county_dashboard"),
]
