"""Onboarding: how a new client brand comes in.

The sign-up wizard on the platform's host, tenant packs applied and written back, and the demo shops.
"""
