"""Setting a letter from its data: a PDF that is kept, or a DOCX that is still to be edited."""
