"""Support: how the operator comes into a tenant's back office, for a reason, for a while, and seen by the tenant."""
