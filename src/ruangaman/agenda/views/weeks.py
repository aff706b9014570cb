"""The week and the day of a professional or a room."""

from django.urls import URLPattern

addresses: list[URLPattern] = []
