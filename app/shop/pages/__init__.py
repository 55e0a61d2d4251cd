"""What the shop says: its home page, its text pages and the menus that lead through it."""
