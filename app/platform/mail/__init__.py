"""The shop's letters: rendered in its brand, kept in a table, delivered by the worker.

A message is stored in the transaction that wants it sent, so that it goes out exactly when that transaction holds.
"""
