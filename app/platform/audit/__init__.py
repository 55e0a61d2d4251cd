"""The audit trail as people and programs read it; what is written, and how, is core/audit.py."""
