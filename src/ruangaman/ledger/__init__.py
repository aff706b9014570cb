"""The record nobody can alter: who did what to what, and when; never a value."""
