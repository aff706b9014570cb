from django.urls import path

from ruangaman.intake import views
from ruangaman.intake.views import triage

app_name = "intake"
urlpatterns = [
    path("", views.home, name="home"),
    path("bantuan/", views.help_now, name="help_now"),
    path("hak/", views.rights, name="rights"),
    path("lapor/", views.report, name="report"),
    path("cek/", views.check, name="check"),
    path("keluar/", views.leave, name="leave"),
    path("laporan/<str:reference>/jawab/", views.answer, name="answer"),
    path("laporan/<str:reference>/triase/", triage.triage, name="triage"),
    path("laporan/<str:reference>/penjangkauan/", triage.plan_outreach, name="plan_outreach"),
    path("penjangkauan/<uuid:outreach>/", triage.end_outreach, name="end_outreach"),
]
