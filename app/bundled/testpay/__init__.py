"""A gateway for trying things out: its own bank, its own page, every ending a payment can have. No money moves."""
