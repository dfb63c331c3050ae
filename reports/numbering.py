"""How items of official papers are numbered: figures and letters by turns, the deeper the more closely bracketed. Pure.

1. / ga. / 1) / ga) / (1) / (ga) / 1 in a circle / ga in a circle. Source: enforcement rule of the regulation on
administrative work (Haengjeong eommu ui unyeong mit hyeoksin e gwanhan gyujeong sihaeng gyuchik), article 2.
"""

DEPTHS = 8
CIRCLED_DIGITS = 20
CIRCLED_LETTERS = 14

FIRST_SYLLABLE = 0xAC00
# Places of the vowels a, eo, o, u, eu, i among the 21 of a syllable block.
VOWEL_PLACES = (0, 4, 8, 13, 18, 20)
INITIALS = (0, 2, 3, 5, 6, 7, 9, 11, 12, 14, 15, 16, 17, 18)
SYLLABLES_PER_INITIAL, SYLLABLES_PER_VOWEL = 588, 28


def letter(number: int) -> str:
    """The n-th letter from 1: fourteen with the first vowel, then fourteen with the next, 84 in all.

    Raises ValueError beyond.
    """
    row, place = divmod(number - 1, len(INITIALS))
    if number < 1 or row >= len(VOWEL_PLACES):
        raise ValueError(f"there is no letter number {number}")
    return chr(FIRST_SYLLABLE + INITIALS[place] * SYLLABLES_PER_INITIAL + VOWEL_PLACES[row] * SYLLABLES_PER_VOWEL)


def marker(number: int, depth: int = 0) -> str:
    """What stands before the n-th item (from 1) at `depth` (from 0), with the space after it.

    Raises ValueError for a depth or a number that the order of signs does not have.
    """
    if number < 1:
        raise ValueError(f"items are counted from 1, not {number}")
    shapes = {0: "{}. ", 2: "{}) ", 4: "({}) "}
    if depth in shapes:
        return shapes[depth].format(number)
    if depth - 1 in shapes:
        return shapes[depth - 1].format(letter(number))
    if depth == 6 and number <= CIRCLED_DIGITS:
        return f"{chr(0x2460 + number - 1)} "
    if depth == 7 and number <= CIRCLED_LETTERS:
        return f"{chr(0x326E + number - 1)} "
    raise ValueError(f"no sign for item {number} at depth {depth}")
