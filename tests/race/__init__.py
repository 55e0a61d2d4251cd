"""Races over live HTTP: a real gunicorn, a real worker, many buyers at once, and processes that are killed."""
