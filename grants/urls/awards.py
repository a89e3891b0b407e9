from django.urls import path

from grants.views.awards import page

urlpatterns = [
    path("awards/<slug:number>/", page.award_detail, name="award_detail"),
    path("awards/<slug:number>/conditions/<int:pk>/", page.award_condition, name="award_condition"),
]
