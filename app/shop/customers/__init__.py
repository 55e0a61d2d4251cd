"""The shoppers a shop knows: guests who bought, people with an account, and their addresses.

An account exists only after its e-mail address was proved by a link in a mail.
"""
