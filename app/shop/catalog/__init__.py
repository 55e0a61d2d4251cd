"""What the shop sells: products, variants, stock, pictures, collections and the search over them.

Stock is true here and nowhere else; prices shown are list prices, taxes and totals belong to pricing.
"""
