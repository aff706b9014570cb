"""Addresses of papers: files (unggah/, dokumen/), evidence (bukti/), letters (surat/, asli/)."""

from django.urls import URLPattern

app_name = "papers"
FILES: list[URLPattern] = []
EVIDENCE: list[URLPattern] = []
LETTERS: list[URLPattern] = []
urlpatterns = [*FILES, *EVIDENCE, *LETTERS]
