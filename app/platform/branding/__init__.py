"""A tenant's look: typed tokens as draft and published versions, logo, icons and words.

The style sheet of a version is kept under the hash of its text, and the shop's row says which one is published.
"""
