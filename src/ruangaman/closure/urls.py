from django.urls import path

from ruangaman.closure import views

app_name = "closure"
urlpatterns = [
    path("<str:reference>/siapkan/", views.prepare, name="prepare"),
    path("<str:reference>/pertemuan/", views.meeting, name="meeting"),
    path("<str:reference>/kepulangan/", views.home, name="home"),
    path("<str:reference>/kunjungan/", views.visit, name="visit"),
    path("<str:reference>/selesai/", views.end, name="end"),
    path("<str:reference>/buka-lagi/", views.reopen, name="reopen"),
]
