"""Mails that the customers room sends."""
