"""How an order reaches its buyer and what that costs: zones, rates, and the port of delivery providers."""
