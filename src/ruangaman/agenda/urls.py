from django.urls import URLPattern

app_name = "agenda"
urlpatterns: list[URLPattern] = [
    # The week, the day, and what can be booked.
    # One's private feed.
    # Ways out.
    # When the reported person is where.
    # An appointment.
]
