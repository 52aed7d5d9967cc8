from django.urls import path

from .views import certificates, proof

urlpatterns = [
    path("library/certificates/", certificates.certificates, name="certificates"),
    path("learn/<slug:slug>/certificate/", certificates.ask_certificate, name="ask_certificate"),
    path("certificates/", certificates.check_certificate, name="check_certificate"),
    path("certificates/revoked/", proof.revoked_certificates, name="revoked_certificates"),
    path("certificates/status/<int:number>/", proof.certificate_status, name="certificate_status"),
    path("certificates/kezhan_credential.py", proof.credential_verifier, name="credential_verifier"),
    path("certificates/<slug:code>/", certificates.certificate, name="certificate"),
    path("certificates/<slug:code>/certificate.pdf", certificates.certificate_pdf, name="certificate_pdf"),
    path("certificates/<slug:code>/credential.jwt", certificates.certificate_credential, name="certificate_credential"),
    path("certificates/<slug:code>/name/", certificates.show_name, name="show_name"),
    path("certificates/<slug:code>/revoke/", certificates.revoke_certificate, name="revoke_certificate"),
    path(".well-known/did.json", proof.did_document, name="did_document"),
]
