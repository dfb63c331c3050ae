"""What can be imported into councils: lists as offices keep them."""
