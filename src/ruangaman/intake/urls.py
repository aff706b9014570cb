from django.urls import path

from ruangaman.intake.views import (
    answering,
    api,
    aptitudes,
    calling_back,
    calls,
    check,
    clients,
    form,
    outreach,
    pieces,
    public,
    resume,
    talks,
    thread_files,
    triage,
    ways,
)

app_name = "intake"
WAYS_IN = [
    path("saluran/", ways.ways, name="ways"),
    path("saluran/<uuid:way>/", ways.way, name="way"),
    path("saluran/<uuid:way>/kunci/", ways.app_keys, name="app_keys"),
    path("saluran/kunci/<uuid:app_key>/cabut/", ways.revoke_app_key, name="revoke_app_key"),
    path("tiket/", ways.ticket, name="ticket"),
    path("laporan/<str:reference>/catat/", talks.log_talk, name="log_talk"),
    path("catatan/ponsel/", talks.unwiped, name="unwiped"),
    path("catatan/<uuid:talk>/hapus-ponsel/", talks.wiped, name="wiped"),
    path("api/v1/laporan/", api.reports, name="api_reports"),
    path("api/v1/laporan/<str:number>/", api.report, name="api_report"),
    path("api/v1/openapi.json", api.document, name="api_document"),
    path("api/<path:rest>", api.nowhere, name="api_nowhere"),
]
CODES = [
    path("cek/berkas/<uuid:paper_id>/", thread_files.look, name="check_file"),
    path("unggah/utuh/cek/", thread_files.attach, name="check_attach"),
    path("laporan/<str:reference>/kode-klien/", clients.issue_code, name="issue_code"),
    path("kode-klien/<uuid:thread>/cabut/", clients.revoke_code, name="revoke_code"),
    path("kode-klien/<uuid:thread>/buka/", clients.unlock_code, name="unlock_code"),
    path("laporan/<str:reference>/klien/<uuid:person>/jawab/", clients.answer_client, name="answer_client"),
    path("permintaan/<uuid:wish>/", clients.answer_wish, name="answer_wish"),
]
FORM = [
    path("lapor/", form.report, name="report"),
    path("lapor/lanjut/", resume.resume, name="resume"),
    path("unggah/lapor/", pieces.begin, name="report_piece"),
    path("unggah/lapor/<uuid:file>/", pieces.state, name="report_piece_state"),
    path("unggah/lapor/<uuid:file>/<int:index>/", pieces.piece, name="report_piece_at"),
    path("unggah/lapor/<uuid:file>/selesai/", pieces.finish, name="report_piece_end"),
    path("unggah/lapor/<uuid:file>/batal/", pieces.drop, name="report_piece_drop"),
    path("unggah/utuh/lapor/", pieces.whole, name="report_file"),
]
TELEPHONE = [
    path("telepon/", calls.calls, name="calls"),
    path("telepon/<uuid:draft>/", calls.call, name="call"),
    path("telepon/<uuid:draft>/simpan/", calls.save_call, name="save_call"),
    path("telepon/<uuid:draft>/mirip/", calls.alike, name="alike"),
    path("menelepon/", calling_back.call_backs, name="call_backs"),
    path("menelepon/<uuid:call>/", calling_back.call_back, name="call_back"),
    path("laporan/<str:reference>/hubungi/", calling_back.ask_call_back, name="ask_call_back"),
]
urlpatterns = [
    *FORM,
    *CODES,
    path("", public.home, name="home"),
    path("bantuan/", public.help_now, name="help_now"),
    path("hak/", public.rights, name="rights"),
    path("cek/", check.check, name="check"),
    path("keluar/", public.leave, name="leave"),
    path("laporan/<str:reference>/jawab/", answering.answer, name="answer"),
    path("laporan/<str:reference>/triase/", triage.triage, name="triage"),
    path("laporan/<str:reference>/penjangkauan/", outreach.plan_outreach, name="plan_outreach"),
    path("penjangkauan/<uuid:outreach>/", outreach.end_outreach, name="end_outreach"),
    path("penjangkauan/<uuid:outreach>/tugas/", outreach.assignment, name="assignment"),
    path("petugas/keahlian/", aptitudes.aptitudes, name="aptitudes"),
    *WAYS_IN,
    *TELEPHONE,
]
