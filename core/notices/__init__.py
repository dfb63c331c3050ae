"""Notices by mail, and ports for text messages and messengers."""
