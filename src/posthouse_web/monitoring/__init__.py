"""总览 and 目标: what was measured, where it falls short, and where each figure comes from."""
