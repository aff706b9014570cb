from django.urls import URLPattern, path

from ruangaman.agenda.views import bookings, feed, outings, presence, reminders, venues, weeks

app_name = "agenda"
urlpatterns: list[URLPattern] = [
    # The week, the day, and what can be booked.
    path("", weeks.week, name="week"),
    path("hari/", weeks.day, name="day"),
    path("sarana/", venues.places, name="places"),
    path("sarana/<uuid:row_id>/pakai/", venues.use, name="use"),
    # One's private feed.
    path("kalender/", feed.calendar, name="calendar"),
    path("ics/<str:secret>.ics", feed.ics, name="ics"),
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
    path("<uuid:appointment>/", bookings.booking, name="booking"),
    path("<uuid:appointment>/pindah/", bookings.move, name="move"),
    path("<uuid:appointment>/batal/", bookings.cancel, name="cancel"),
    path("<uuid:appointment>/tidak-terlaksana/", bookings.miss, name="miss"),
    path("<uuid:appointment>/terlaksana/", bookings.done, name="done"),
    path("<str:reference>/baru/", bookings.new, name="new"),
]
