from django.urls import path

from ruangaman.standards import views

app_name = "standards"
urlpatterns = [
    path("", views.board, name="board"),
    path("<str:code>/", views.indicator, name="indicator"),
]
