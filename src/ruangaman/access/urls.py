from django.urls import path

from ruangaman.access import views
from ruangaman.access.views import erasures

app_name = "access"
urlpatterns = [
    path("peran/", views.powers, name="powers"),
    path("peran/<uuid:proposal>/<str:answer>/", views.decide, name="decide"),
    path("orang/", views.people, name="people"),
    path("penghapusan/", erasures.erasures, name="erasures"),
    path("penghapusan/<uuid:wanted>/<str:answer>/", erasures.decide_erasure, name="decide_erasure"),
    path("perangkat/", views.devices, name="devices"),
    path("perangkat/<str:device>/keluarkan/", views.end_device, name="end_device"),
]
