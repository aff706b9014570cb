from django.urls import path

from ruangaman.consent import views
from ruangaman.consent.views import recalls

app_name = "consent"
urlpatterns = [
    path("penghapusan/", recalls.recalls, name="recalls"),
    path("penghapusan/<uuid:recall>/", recalls.recall, name="recall"),
    path("<uuid:consent>/tarik/", views.withdraw, name="withdraw"),
    path("<str:reference>/", views.record, name="record"),
]
