from django.urls import path

from ruangaman.desk import case_views, dossier_views, views

app_name = "desk"
urlpatterns = [
    path("hari-ini/", views.today, name="today"),
    path("laporan/", views.reports, name="reports"),
    path("kasus/", case_views.cases, name="cases"),
    path("berkas/<str:reference>/", dossier_views.dossier, name="dossier"),
    path("jurnal/", views.journal, name="journal"),
]
