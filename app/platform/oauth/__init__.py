"""Each shop's own OAuth2 authorization server and OpenID provider: apps of integrators, consent, tokens, signing keys.

An app never may more than the person who agreed, and no more than that person may at the moment of each request.
Follows RFC 6749 as RFC 9700 narrows it: authorization code with PKCE S256 for every app, client credentials, refresh
tokens that rotate, and nothing else.
"""
