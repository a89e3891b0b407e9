from django.urls import path

from . import views

app_name = "evaluation"

urlpatterns = [
    path("evaluation/", views.rounds, name="rounds"),
    path("evaluation/open/", views.open_round, name="open"),
    path("evaluation/<int:year>/", views.round_page, name="round"),
    path("evaluation/<int:year>/publish/", views.publish, name="publish"),
    path("evaluation/entries/<int:pk>/", views.entry, name="entry"),
    path("evaluation/entries/<int:pk>/difficulties/", views.difficulties, name="difficulties"),
]
