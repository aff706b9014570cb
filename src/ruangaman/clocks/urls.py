from django.urls import path

from ruangaman.clocks.views import boards, clocks, days, rules, units

app_name = "clocks"
urlpatterns = [
    path("", boards.board, name="board"),
    path("aturan/", rules.rules, name="rules"),
    path("aturan/<slug:code>/", rules.rule, name="rule"),
    path("kalender/", days.calendar, name="calendar"),
    path("kalender/<uuid:day>/batalkan/", days.take_back, name="take_back"),
    path("unit/", units.unit, name="unit"),
    path("unit/<uuid:unit_clock>/selesai/", units.finish, name="finish"),
    path("<uuid:clock>/", clocks.detail, name="detail"),
    path("<uuid:clock>/jeda/", clocks.pause, name="pause"),
    path("<uuid:clock>/lanjut/", clocks.resume, name="resume"),
    path("<uuid:clock>/akhiri/", clocks.end, name="end"),
    path("<uuid:clock>/keputusan/", clocks.ruling, name="ruling"),
]
