"""Single sign-on: staff of a shop come in by the OpenID Connect provider of their own company.

The shop is the client here; the server that apps of integrators talk to is the oauth room.
"""
