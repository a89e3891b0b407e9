from django.urls import path

from grants.views import overview

urlpatterns = [path("payments/overview/", overview.money_overview, name="money_overview")]
