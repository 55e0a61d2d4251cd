"""Background work of the checkout room."""
