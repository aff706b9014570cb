"""Addresses of papers: files (unggah/, dokumen/), evidence (bukti/), letters (surat/, asli/)."""

from django.urls import URLPattern, path

from ruangaman.papers.views import evidence, fingerprint

app_name = "papers"
FILES: list[URLPattern] = []
EVIDENCE: list[URLPattern] = [
    path("bukti/<str:reference>/sidik/", fingerprint.register, name="register_hash"),
    path("bukti/<uuid:paper_id>/", evidence.evidence, name="evidence"),
    path("bukti/<uuid:paper_id>/minta/", evidence.ask, name="ask_opening"),
    path(
        "bukti/<uuid:paper_id>/putusan/<uuid:opening_id>/<str:answer>/",
        evidence.decide,
        name="decide_opening",
    ),
    path("bukti/<uuid:paper_id>/buka/", evidence.open_original, name="open_evidence"),
    path("bukti/<uuid:paper_id>/periksa/", evidence.check, name="check_evidence"),
    path("bukti/<uuid:paper_id>/serahkan/", evidence.hand_over, name="hand_evidence"),
    path("bukti/<uuid:paper_id>/cetak/", evidence.print_custody, name="print_custody"),
    path("bukti/<uuid:paper_id>/pengantar/<uuid:custody_id>/", evidence.cover_sheet, name="cover_sheet"),
]
LETTERS: list[URLPattern] = []
urlpatterns = [*FILES, *EVIDENCE, *LETTERS]
