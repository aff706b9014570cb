from django.urls import path

from ruangaman.consent import views

app_name = "consent"
urlpatterns = [
    path("<uuid:consent>/tarik/", views.withdraw, name="withdraw"),
    path("<str:reference>/", views.record, name="record"),
]
