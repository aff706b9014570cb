"""System checks that keep the house."""
