from django.urls import path

from ruangaman.people import views
from ruangaman.people.views import finding, likenesses, profiles

app_name = "people"
urlpatterns = [
    path("cari/", finding.find, name="find"),
    path("cari/jejak/", finding.probes, name="probes"),
    path("cari/<uuid:probe>/kaitkan/", finding.settle, name="settle"),
    path("cocok/", finding.matches, name="matches"),
    path("cocok/<uuid:match>/ditangani/", finding.handle_match, name="handle_match"),
    path("<str:reference>/sama/", likenesses.alike, name="alike"),
    path("<str:reference>/sama/<uuid:person>/<uuid:other>/", likenesses.compare, name="compare"),
    path("<str:reference>/sama/<uuid:likeness>/batal/", likenesses.undo, name="undo_same"),
    path("<str:reference>/<uuid:person>/kebutuhan/", profiles.support, name="support"),
    path("<str:reference>/<uuid:person>/sapaan/", profiles.courtesy, name="courtesy"),
    path("<str:reference>/<uuid:person>/latar/", profiles.background, name="background"),
    path("<str:reference>/buka/", views.open_identity, name="open_identity"),
    path("<str:reference>/tambah/", views.add, name="add"),
    path("<str:reference>/wali/", views.guardian, name="guardian"),
    path("<str:reference>/wali/ditolak/", views.guardian_refused, name="guardian_refused"),
    path("<str:reference>/wali/<uuid:part>/putusan/", views.guardian_ruling, name="guardian_ruling"),
    path("<str:reference>/perbaiki/<uuid:person>/", views.correct, name="correct"),
    path("<str:reference>/akhiri/<uuid:part>/", views.end_part, name="end_part"),
    path("<str:reference>/kandungan/", views.unborn, name="unborn"),
    path("<str:reference>/kandungan/<uuid:unborn>/akhiri/", views.end_unborn, name="end_unborn"),
    path("<str:reference>/kontak/", views.contact, name="contact"),
    path("<str:reference>/kontak/buka/", views.open_contact, name="open_contact"),
    path("<str:reference>/kontak/pastikan/", views.confirm_contact, name="confirm_contact"),
]
