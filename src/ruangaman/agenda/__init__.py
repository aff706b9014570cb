"""Agenda: who is where and when, who must never meet, and who went out and has to come back."""
