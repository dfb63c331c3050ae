"""The pages of councils, by noun."""
