"""Payment by bank transfer: the buyer reads where to send the money, staff say when it has come."""
