"""The minimum service standards: every indicator as data with its source, counted from what was really done."""
