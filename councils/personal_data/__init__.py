"""What councils hold about a person."""
