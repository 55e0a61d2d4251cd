"""Webhooks: what happened in a shop, told to other programs, at least once and in order."""
