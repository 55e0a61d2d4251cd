"""What a basket costs: tax rates by country and exact totals.

The room owns the tax rates of a shop. Prices themselves stand on the variants of the catalogue.
"""
