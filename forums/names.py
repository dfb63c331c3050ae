"""Names as the register keeps and orders them. Pure: no Django, no clock."""

import unicodedata

# korean file: the alphabet


def name_order(name: str) -> tuple[tuple[bool, str], ...]:
    """The place of a name in 가나다 order: syllables first, by their codes; then Latin letters and hanja.

    Blanks and the case of letters do not count, nor whether a keyboard typed the syllables in one piece (NFC) or in
    letters (NFD).
    """
    letters = "".join(unicodedata.normalize("NFC", name).split()).casefold()
    return tuple((not "가" <= letter <= "힣", letter) for letter in letters)
