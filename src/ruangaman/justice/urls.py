from django.urls import path

from ruangaman.justice import views

app_name = "justice"
urlpatterns = [
    path("<str:reference>/", views.record, name="record"),
    path("<str:reference>/balik/", views.against, name="against"),
    path("<str:reference>/tekanan/", views.pressure, name="pressure"),
    path("<str:reference>/tembok/", views.walls, name="walls"),
    path("<str:reference>/tembok/buka/", views.let_in, name="let_in"),
]
