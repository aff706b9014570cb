"""Writes of papers: files as they come in, evidence, letters."""
