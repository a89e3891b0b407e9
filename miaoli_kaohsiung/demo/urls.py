from django.urls import path

from . import views

urlpatterns = [path("demo/date/", views.move_date, name="demo_date")]
