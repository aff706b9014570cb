from django.urls import path

from ruangaman.intake import views

app_name = "intake"
urlpatterns = [
    path("", views.home, name="home"),
    path("bantuan/", views.help_now, name="help_now"),
    path("hak/", views.rights, name="rights"),
    path("lapor/", views.report, name="report"),
    path("cek/", views.check, name="check"),
    path("keluar/", views.leave, name="leave"),
    path("laporan/<str:reference>/jawab/", views.answer, name="answer"),
]
