"""Addresses of papers: files (unggah/, dokumen/), evidence (bukti/), letters (surat/, asli/)."""

from django.urls import URLPattern, path

from ruangaman.papers.views import evidence, files, fingerprint, genuine, letters, templates

app_name = "papers"
FILES: list[URLPattern] = [
    path("unggah/mulai/<str:reference>/", files.begin, name="begin"),
    path("unggah/utuh/<str:reference>/", files.attach_whole, name="attach_whole"),
    path("unggah/<uuid:paper_id>/", files.state, name="state"),
    path("unggah/<uuid:paper_id>/<int:index>/", files.piece, name="piece"),
    path("unggah/<uuid:paper_id>/selesai/", files.finish, name="finish"),
    path("unggah/<uuid:paper_id>/batal/", files.drop, name="drop"),
    path("dokumen/<uuid:paper_id>/", files.paper, name="paper"),
    path("dokumen/<uuid:paper_id>/gambar/<int:number>/", files.picture, name="picture"),
    path("dokumen/<uuid:paper_id>/unduh/", files.download, name="download"),
    path("dokumen/<uuid:paper_id>/pindai/", files.scan, name="scan"),
    path("dokumen/<str:reference>/", files.listing, name="listing"),
    path("dokumen/<str:reference>/lampirkan/", files.attach, name="attach"),
]
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
LETTERS: list[URLPattern] = [
    path("surat/naskah/", templates.templates, name="templates"),
    path("surat/naskah/<str:kind>/", templates.template, name="template"),
    path("surat/kop/", templates.letterhead, name="letterhead"),
    path("surat/<uuid:letter_id>/", letters.letter, name="letter"),
    path("surat/<uuid:letter_id>/pdf/", letters.letter_pdf, name="letter_pdf"),
    path("surat/<uuid:letter_id>/tarik/", letters.revoke, name="revoke_letter"),
    path("surat/<str:reference>/", letters.letters, name="letters"),
    path("surat/<str:reference>/baru/<str:kind>/", letters.new_letter, name="new_letter"),
    path("asli/", genuine.ask, name="genuine_ask"),
    path("asli/<str:code>/", genuine.genuine, name="genuine"),
]
urlpatterns = [*FILES, *EVIDENCE, *LETTERS]
