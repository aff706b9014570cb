"""Measurements: what the limits of the design are, and whether this code keeps them (README.md)."""
