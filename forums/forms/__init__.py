"""What people type on the club's pages, by noun."""
