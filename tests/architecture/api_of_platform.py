"""What staff change in the rooms of the platform, and which operations of the API do the same.

A line is a list of operations, "METHOD path" below /api/v1, or a sentence that says why programs need none.
"""

SAME: dict[str, list[str] | str] = {}
