"""People who work in a shop: their accounts, roles, invitations and sign-in.

A person's e-mail and password live once in the catalogue; what they may do in a shop is that shop's own row.
"""
