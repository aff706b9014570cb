from django.urls import path

from ruangaman.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.own, name="own"),
    path("dibaca/", views.read_all, name="read_all"),
    path("<uuid:notice>/dibaca/", views.read, name="read"),
    path("pilihan/", views.preferences, name="preferences"),
    path("pesan-unit/", views.messengers, name="messengers"),
    path("pesan-unit/<uuid:organisation>/", views.messenger, name="messenger"),
    path("pesan-unit/<uuid:organisation>/coba/", views.try_messenger, name="try_messenger"),
]
