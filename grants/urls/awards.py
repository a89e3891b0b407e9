from django.urls import path

from grants.views.awards import page

urlpatterns = [
    path("awards/<slug:number>/", page.award_detail, name="award_detail"),
]
