"""Who may do what with assemblies, polls and rolls."""
