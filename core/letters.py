"""The plain text of our mails in lines that every reader shows whole. Pure: no Django."""

import unicodedata

COLUMNS = 72


def columns_of(text: str) -> int:
    """How many columns `text` takes: two for each wide sign such as Hangul."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def in_lines(text: str, columns: int = COLUMNS) -> str:
    """The text with no line wider than `columns`, broken between words; runs of empty lines become one.

    A word that is wider, such as an address of the web, stays whole on a line of its own: broken it would not open.
    """
    lines: list[str] = []
    for line in text.strip().splitlines():
        words = line.split()
        if not words:
            if lines and lines[-1]:
                lines.append("")
            continue
        row = words[0]
        for word in words[1:]:
            if columns_of(f"{row} {word}") > columns:
                lines.append(row)
                row = word
            else:
                row = f"{row} {word}"
        lines.append(row)
    return "\n".join(lines) + "\n"
