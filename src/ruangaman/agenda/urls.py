from django.urls import URLPattern, path

from ruangaman.agenda.views import outings, presence, reminders

app_name = "agenda"
urlpatterns: list[URLPattern] = [
    # The week, the day, and what can be booked.
    # One's private feed.
    # Ways out.
    path("pergi/", outings.go_out, name="go_out"),
    path("kembali/", outings.outing, name="outing"),
    path("kembali/lapor/", outings.come_back, name="come_back"),
    path("kembali/tambah/", outings.add_time, name="add_time"),
    path("di-luar/", outings.out_now, name="out_now"),
    path("di-luar/<uuid:outing_id>/", outings.found, name="found"),
    # Reminding a client.
    path("ingatkan/<uuid:booking_id>/", reminders.remind, name="remind"),
    # When the reported person is where.
    path("<str:reference>/kehadiran/", presence.presence, name="presence"),
    path("<str:reference>/kehadiran/<uuid:presence_id>/akhiri/", presence.end_presence, name="end_presence"),
    # An appointment.
]
