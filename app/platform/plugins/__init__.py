"""Plugins: other people's code, switched on by a shop, called with an end to waiting and a look at the answer."""
