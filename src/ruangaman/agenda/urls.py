from django.urls import URLPattern

from ruangaman.agenda.views import bookings, feed, outings, presence, venues, weeks

app_name = "agenda"
urlpatterns: list[URLPattern] = [
    *weeks.addresses,
    *venues.addresses,
    *feed.addresses,
    *outings.addresses,
    *presence.addresses,
    *bookings.addresses,
]
