"""Clocks: every deadline, with the article it rests on, what starts it, what stops it, and who is told."""
