"""What applicants, organisations and officials type."""
