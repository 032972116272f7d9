"""公文 files (txt, md, docx, html, pdf) to a Document: numbered provisions, every node with its span."""
