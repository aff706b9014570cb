from django.urls import URLPattern, path

from ruangaman.agenda.views import outings

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
    # When the reported person is where.
    # An appointment.
]
