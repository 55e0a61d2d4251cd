"""Bringing products in from a file: read, check, show, apply. Each import and each of its rows is a row of a table, so
that a stopped import goes on where it stood and the outcome of every line can be looked up later.
"""
