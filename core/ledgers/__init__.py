"""Double-entry books in whole won or points that are only ever added to."""
