"""From the first thing in the bag to a placed order: cart and checkout.

The room owns carts. What it places belongs to orders, what it charges to payments.
"""
