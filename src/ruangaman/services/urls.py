from django.urls import path

from ruangaman.services.views import partner, unit

app_name = "services"
urlpatterns = [
    path("", partner.referrals, name="referrals"),
    path("<uuid:referral>/", partner.referral, name="referral"),
    path("<uuid:referral>/<str:what>/", partner.act, name="act"),
    path("<str:reference>/kirim/", unit.refer, name="refer"),
    path("<str:reference>/layanan/", unit.give, name="give"),
]
