"""Who may do what with councils."""
