"""Exports model packages for pmatch; see docs/models.md."""
