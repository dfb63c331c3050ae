"""Addresses of recipients: one spelling, a digest that stays when the address goes, and what may be shown. Pure."""

import hashlib

SHOWN = 2  # signs


def one_spelling(address: str) -> str:
    """Mail addresses in lower case, without spaces around; numbers without spaces and strokes."""
    address = address.strip().lower()
    return address if "@" in address else "".join(sign for sign in address if sign not in " -.")


def address_key(address: str) -> str:
    """SHA-256 of the address, so that a wish to stop outlives the address.

    Whoever has the table can try addresses against it: it hides them from a glance, not from a search.
    """
    return hashlib.sha256(f"madang notices {one_spelling(address)}".encode()).hexdigest()


def masked(address: str) -> str:
    """The last two signs: enough to tell two apart on a screen of logs."""
    return f"…{address[-SHOWN:]}"
