"""Pages of papers: files, evidence, letters."""
