"""Outside files, read once: bytes in, rows and rejected rows with reasons out."""
