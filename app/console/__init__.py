"""The operator's own pages: the sign-up wizard and the console."""
