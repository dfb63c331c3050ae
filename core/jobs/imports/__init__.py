"""One engine for tables that people bring: nothing is written before they have seen what would be. See README.md."""
