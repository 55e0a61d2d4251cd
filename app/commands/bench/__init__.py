"""bench: what this installation can do, beside yardsticks that run in the same minutes."""
