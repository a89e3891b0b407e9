from django.urls import path

from grants.views.calendar import closures, days, pages

urlpatterns = [
    path("calendar/", pages.home, name="calendar_home"),
    path("calendar/closures/<int:pk>/", closures.closure, name="closure"),
    path("calendar/closures/<int:pk>/seen/", closures.look, name="closure_seen"),
    path("calendar/closures/<int:pk>/take-back/", closures.take_back, name="closure_take_back"),
    path("calendar/<slug:county>/closures/new/", closures.declare, name="closure_new"),
    path("calendar/<slug:county>/<int:year>/", pages.year, name="office_calendar"),
    path("calendar/<slug:county>/<int:year>/day/", days.day, name="calendar_day"),
    path("calendar/<slug:county>/<int:year>/import/", days.import_year, name="calendar_import"),
]
