from django.urls import path

from ruangaman.desk import views
from ruangaman.desk.views import cases, dossiers

app_name = "desk"
urlpatterns = [
    path("hari-ini/", views.today, name="today"),
    path("laporan/", views.reports, name="reports"),
    path("kasus/", cases.cases, name="cases"),
    path("berkas/<str:reference>/", dossiers.dossier, name="dossier"),
    path("jurnal/", views.journal, name="journal"),
]
