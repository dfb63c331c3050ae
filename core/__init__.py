"""Building blocks without a domain."""
