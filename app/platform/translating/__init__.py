"""What a shop says in its further languages: titles and texts of products, collections, pages, menus and home sections.

The room keeps words and asks nobody what they are for: rooms that have texts tell it by `hooks.sources`.
"""
