"""Background work of the payments room."""
