from django.urls import path

from ruangaman.desk import views

app_name = "desk"
urlpatterns = [
    path("laporan/", views.reports, name="reports"),
    path("berkas/<str:reference>/", views.dossier, name="dossier"),
    path("jurnal/", views.journal, name="journal"),
]
