"""Home: the first page of the back office, and the shop's general settings.

It shows how the shop does, what waits for somebody, and what is left to set up.
"""
