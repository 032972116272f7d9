"""数据: files that the office receives become records; rows turned away are mended here; what is still missing."""
