"""Making an appointment, its page, and what becomes of it."""

from django.urls import URLPattern

addresses: list[URLPattern] = []
