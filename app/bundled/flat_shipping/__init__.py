"""Delivery for one price, whatever is in the parcel; free from a value on, where the shop says so."""
