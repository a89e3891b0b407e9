from django.urls import path

from grants.views.duties import occasions
from grants.views.duties import records as views

urlpatterns = [
    path("tasks/", views.duty_list, name="duties"),
    path("tasks/communities/", views.duty_communities, name="duty_communities"),
    path("tasks/events/", occasions.occasion_list, name="occasions"),
    path("tasks/events/new/", occasions.occasion_new, name="occasion_new"),
    path("tasks/entries/<int:pk>/remove/", occasions.occasion_entry_remove, name="occasion_entry_remove"),
    path("tasks/<int:pk>/", views.duty, name="duty"),
    path("tasks/<int:pk>/file/", views.duty_file, name="duty_file"),
    path("tasks/<int:pk>/check/", views.duty_check, name="duty_check"),
    path("tasks/<int:pk>/reopen/", views.duty_reopen, name="duty_reopen"),
    path("tasks/<int:pk>/schedule/", occasions.occasion_edit, name="occasion_edit"),
    path("tasks/<int:pk>/communities/<int:organisation>/", occasions.selection, name="selection"),
    path("tasks/papers/<int:pk>/", occasions.selection_paper, name="selection_paper"),
    path("tasks/<int:pk>/entries/", occasions.occasion_entries, name="occasion_entries"),
    path("applications/<slug:number>/tasks/new/", views.duty_invite, name="duty_invite"),
]
