from django.urls import path

from ruangaman.intake.views import answering, check, form, outreach, public, triage

app_name = "intake"
urlpatterns = [
    path("", public.home, name="home"),
    path("bantuan/", public.help_now, name="help_now"),
    path("hak/", public.rights, name="rights"),
    path("lapor/", form.report, name="report"),
    path("cek/", check.check, name="check"),
    path("keluar/", public.leave, name="leave"),
    path("laporan/<str:reference>/jawab/", answering.answer, name="answer"),
    path("laporan/<str:reference>/triase/", triage.triage, name="triage"),
    path("laporan/<str:reference>/penjangkauan/", outreach.plan_outreach, name="plan_outreach"),
    path("penjangkauan/<uuid:outreach>/", outreach.end_outreach, name="end_outreach"),
]
