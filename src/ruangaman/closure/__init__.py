"""The way home: return, closed meetings, home visits, and the end of a case."""
