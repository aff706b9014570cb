from django.urls import path

from ruangaman.services import views

app_name = "services"
urlpatterns = [
    path("", views.referrals, name="referrals"),
    path("<uuid:referral>/", views.referral, name="referral"),
    path("<uuid:referral>/<str:what>/", views.act, name="act"),
    path("<str:reference>/kirim/", views.refer, name="refer"),
    path("<str:reference>/layanan/", views.give, name="give"),
]
