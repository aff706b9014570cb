"""Rules of the agenda, which need nothing but what they are given."""
