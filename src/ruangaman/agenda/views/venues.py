"""Buildings, rooms, vehicles and interpreters of a unit."""
