"""Each role, deployed by itself: one process of one surface."""
