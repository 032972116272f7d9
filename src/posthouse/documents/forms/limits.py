"""How much of a file is read before it is refused, so that a broken or hostile file costs bounded time and memory."""

MAX_FILE_BYTES = 64 * 2**20
"""Largest file. The five plans have 0.1 to 2 MB as docx or pdf; scans inside a docx may add tens of megabytes."""

MAX_PART_BYTES = 48 * 2**20
"""Largest unpacked part of a docx: text of 1 MB takes 10 to 20 MB of markup; a zip bomb takes gigabytes."""

MAX_CHARACTERS = 2_000_000
"""Longest text: about two hundred plans. Places of characters take some 40 bytes each, so 80 MB of memory."""

MAX_PAGES = 1000
"""Most pages of a pdf."""

MAX_PAGE_BYTES = 4 * 2**20
"""Largest unpacked content of one page of a pdf; a page of text has some 20 kB."""

MAX_PAGE_OPERATIONS = 100_000
"""Most drawing operations on one page of a pdf; a page of text has some 2,000."""

MAX_NESTED_TABLES = 8
"""Tables inside tables deeper than this are read as plain paragraphs."""
