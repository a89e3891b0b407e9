from django.urls import path

from . import views

urlpatterns = [
    path("help/", views.index, name="help"),
    path("help/glossary/", views.glossary_page, name="help-glossary"),
    path("help/<slug:name>/", views.guide, name="help-guide"),
]
