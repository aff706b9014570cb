"""Rules of papers: what a file may be, how evidence is kept, what a letter may say."""
