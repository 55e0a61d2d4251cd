"""Tenancy: who the tenants are, at which hosts they answer, and how a shop opens.

The registry of tenants, domains and operators lives in the catalogue; each tenant's own rows hang from its Shop.
"""
