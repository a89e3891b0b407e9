from django.urls import path

from grants.views import audit

urlpatterns = [
    path("audit/", audit.workbench, name="audit"),
    path("audit/seals/", audit.seals, name="audit_seals"),
    path("audit/verify/", audit.verify, name="audit_verify"),
    path("audit/<int:seq>/", audit.entry, name="audit_entry"),
]
