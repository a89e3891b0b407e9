from django.urls import path

from grants.views import health

urlpatterns = [
    path("health/", health.health_list, name="health_list"),
    path("health/<int:pk>/", health.checklist, name="health"),
    path("health/<int:pk>/confirm/", health.confirm, name="health_confirm"),
]
