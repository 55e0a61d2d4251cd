"""Ops: what the operator sees of the whole installation.

The list of tenants with suspend and resume and, on a developer's machine, the mailbox that catches outgoing mail.
"""
