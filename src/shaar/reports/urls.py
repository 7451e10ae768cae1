"""Addresses of the annual report and of the proofreading of texts."""

from django.urls import path

from shaar.reports import views
from shaar.reports.proofs import views as proofs

app_name = "reports"
BASE = "programmes/<slug:programme>/reports/<int:year>/"
PROOF = "staff/proofs/<int:number>/"
urlpatterns = [
    path(BASE, views.report, name="report"),
    path(f"{BASE}report.<str:form>", views.download, name="download"),
    path(f"{BASE}editions/", views.edition_list, name="editions"),
    path(f"{BASE}editions/publish/", views.publish_edition, name="publish"),
    path(f"{BASE}editions/<int:number>/", views.edition_page, name="edition"),
    path("staff/proofs/", proofs.index, name="proofs"),
    path(PROOF, proofs.show, name="proof"),
    path(f"{PROOF}progress/", proofs.progress, name="proof-progress"),
    path(f"{PROOF}figures/", proofs.figures, name="proof-figures"),
    path(f"{PROOF}again/", proofs.again, name="proof-again"),
    path(f"{PROOF}findings/<str:key>/", proofs.decide, name="proof-decide"),
    path(f"{PROOF}proof.<str:form>", proofs.download, name="proof-download"),
]
