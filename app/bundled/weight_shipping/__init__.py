"""Delivery priced by weight: a table of steps, and no delivery above the heaviest."""
