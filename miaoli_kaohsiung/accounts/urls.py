from django.urls import path

from . import health, held, inbox, views

urlpatterns = [
    path("favicon.ico", views.favicon, name="favicon"),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("accounts/me/", views.me, name="me"),
    path("accounts/email/", views.email, name="me-email"),
    path("accounts/uploads/", held.hold, name="upload-hold"),
    path("accounts/rescued/", views.rescued, name="rescued"),
    path("notices/", inbox.inbox, name="notices"),
    path("notices/read/", inbox.read_all, name="notices-read-all"),
    path("notices/<int:pk>/read/", inbox.read, name="notice-read"),
]
