from django.urls import path

from grants.views.reminders import table

urlpatterns = [
    path("reminders/", table.reminders, name="reminders"),
    path("reminders/<slug:county>/<str:code>/", table.reminder, name="reminder"),
    path("reminders/<slug:county>/<str:code>/edit/", table.reminder_edit, name="reminder_edit"),
]
