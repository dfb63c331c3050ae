"""Who may do what with rule sets."""
