"""Livery: one installation, many client brands.

The map of the house, from the bottom up. An arrow never points up.

    settings      every environment variable
    core          mechanisms: database, isolation, access, doors, facts, jobs; knows no business
    ui            brand tokens to CSS, templates, assets
    platform      what every white-label service needs: tenancy, branding, mail, staff, developers
    shop          commerce: catalog, customers, pages, pricing, payments, shipping, orders, checkout
    pluginapi     all that a plugin may import
    bundled       plugins that ship with us, written like a stranger's
    console       the operator's own: sign-up wizard, operator pages
    roles         the list of rooms, and which doors and queues a process answers
    factory       create_app(): the whole start-up on one screen
    cli           ./livery <command>

A feature is a room: one folder with the same furniture everywhere (see docs/tour.md).
"""
