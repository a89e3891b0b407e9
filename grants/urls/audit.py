from django.urls import path

from grants.views.audit import as_of, four_eyes, proofs, samples, workbench

urlpatterns = [
    path("audit/", workbench.workbench, name="audit"),
    path("audit/seals/", workbench.seals, name="audit_seals"),
    path("audit/verify/", workbench.verify, name="audit_verify"),
    path("audit/four-eyes/", four_eyes.four_eyes, name="audit_four_eyes"),
    path("audit/samples/", samples.samples, name="audit_samples"),
    path("audit/samples/<int:pk>/", samples.sample, name="audit_sample"),
    path("audit/samples/<int:pk>/sheets.pdf", samples.sample_sheets, name="audit_sample_sheets"),
    path("audit/cases/<slug:number>/", as_of.case_then, name="audit_case"),
    path("audit/cases/<slug:number>/bundle.zip", as_of.case_bundle, name="audit_bundle"),
    path("audit/<int:seq>/", workbench.entry, name="audit_entry"),
    path("proofs/", proofs.proofs, name="proofs"),
    path("proofs/heads.txt", proofs.proof_heads, name="proof_heads"),
    path("applications/<slug:number>/filings/<int:filing>/proof.json", proofs.filing_proof, name="filing_proof"),
    path("letters/<int:pk>/proof.json", proofs.letter_proof, name="letter_proof"),
]
