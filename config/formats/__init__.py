"""How days and times are written where a list or form shows them; pages use the filters of core/templatetags."""
