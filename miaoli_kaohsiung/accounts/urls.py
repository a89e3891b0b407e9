from django.urls import path

from . import health, views

urlpatterns = [
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("accounts/me/", views.me, name="me"),
    path("accounts/email/", views.email, name="me-email"),
]
