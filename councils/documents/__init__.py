"""The documents of councils."""
