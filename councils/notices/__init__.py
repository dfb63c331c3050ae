"""The mails about councils."""
