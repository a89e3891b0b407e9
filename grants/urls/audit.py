from django.urls import path

from grants.views import audit

urlpatterns = [
    path("audit/", audit.workbench, name="audit"),
    path("audit/seals/", audit.seals, name="audit_seals"),
    path("audit/verify/", audit.verify, name="audit_verify"),
    path("audit/<int:seq>/", audit.entry, name="audit_entry"),
    path("proofs/", audit.proofs, name="proofs"),
    path("proofs/heads.txt", audit.proof_heads, name="proof_heads"),
    path("applications/<slug:number>/filings/<int:filing>/proof.json", audit.filing_proof, name="filing_proof"),
    path("letters/<int:pk>/proof.json", audit.letter_proof, name="letter_proof"),
]
