from django.urls import path

from ruangaman.consent import views
from ruangaman.consent.views import recalls

app_name = "consent"
urlpatterns = [
    path("penghapusan/", recalls.recalls, name="recalls"),
    path("penghapusan/<uuid:recall>/", recalls.recall, name="recall"),
    path("lembar/", views.sheet, name="sheet"),
    path("<uuid:consent>/tarik/", views.withdraw, name="withdraw"),
    path("<str:reference>/", views.record, name="record"),
    path("<str:reference>/semua/", views.review, name="review"),
    path("<str:reference>/tarik/", views.withdraw_several, name="withdraw_several"),
    path("<str:reference>/tanpa/", views.disclose, name="disclose"),
    path("<str:reference>/cetak/", views.print_sheet, name="print"),
]
