"""What waits at the desk for those who keep councils."""
