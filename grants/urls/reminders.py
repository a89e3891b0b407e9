from django.urls import path

from grants.views.reminders import calendar, calls, deliveries, table

urlpatterns = [
    path("calls/", calls.call_list, name="calls"),
    path("calls/list.csv", calls.call_file, name="calls_csv"),
    path("calls/<int:pk>/", calls.call, name="call"),
    path("calendar/<str:token>.ics", calendar.calendar, name="calendar"),
    path("reminders/", table.reminders, name="reminders"),
    path("reminders/deliveries/", deliveries.deliveries, name="deliveries"),
    path("reminders/<slug:county>/<str:code>/", table.reminder, name="reminder"),
    path("reminders/<slug:county>/<str:code>/edit/", table.reminder_edit, name="reminder_edit"),
]
