"""What every white-label service needs: tenants, brands, mail, staff, integrators."""
