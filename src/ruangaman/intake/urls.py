from django.urls import path

from ruangaman.intake import triage_views, views

app_name = "intake"
urlpatterns = [
    path("", views.home, name="home"),
    path("bantuan/", views.help_now, name="help_now"),
    path("hak/", views.rights, name="rights"),
    path("lapor/", views.report, name="report"),
    path("cek/", views.check, name="check"),
    path("keluar/", views.leave, name="leave"),
    path("laporan/<str:reference>/jawab/", views.answer, name="answer"),
    path("laporan/<str:reference>/triase/", triage_views.triage, name="triage"),
    path("laporan/<str:reference>/penjangkauan/", triage_views.plan_outreach, name="plan_outreach"),
    path("penjangkauan/<uuid:outreach>/", triage_views.end_outreach, name="end_outreach"),
]
