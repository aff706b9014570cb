"""The week and the day of a professional or a room."""
