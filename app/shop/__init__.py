"""Commerce: what a tenant sells, to whom, for how much, and how it gets there."""
