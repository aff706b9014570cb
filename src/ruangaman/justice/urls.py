from django.urls import path

from ruangaman.justice import views

app_name = "justice"
urlpatterns = [path("<str:reference>/", views.record, name="record")]
