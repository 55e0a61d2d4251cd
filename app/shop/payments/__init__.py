"""Money that comes in and goes back: payments, refunds, an append-only ledger, and the port of payment gateways.

No card number ever enters: a gateway sends the buyer to its own page.
"""
