"""The addresses of the grants app, one module a stage."""

from . import (
    amendments,
    applications,
    audit,
    awards,
    calendar,
    desk,
    duties,
    law,
    letters,
    open_data,
    overview,
    panels,
    payments,
    reminders,
    reviews,
    rulings,
    sanctions,
    schemes,
    settlements,
    treasury,
)

app_name = "grants"

urlpatterns = [
    *schemes.urlpatterns,
    *law.urlpatterns,
    *applications.urlpatterns,
    *desk.urlpatterns,
    *reviews.urlpatterns,
    *panels.urlpatterns,
    *awards.urlpatterns,
    *amendments.urlpatterns,
    *duties.urlpatterns,
    *letters.urlpatterns,
    *reminders.urlpatterns,
    *overview.urlpatterns,
    *payments.urlpatterns,
    *treasury.urlpatterns,
    *settlements.urlpatterns,
    *calendar.urlpatterns,
    *rulings.urlpatterns,
    *sanctions.urlpatterns,
    *audit.urlpatterns,
    *open_data.urlpatterns,
]
