"""Korean words stay whole at the end of a line. Pure.

WeasyPrint breaks lines between any two Hangul syllables, since it does not know `word-break: keep-all`. A word joiner
(U+2060) between them forbids the break; it has no glyph and does not come back when text is copied out of the PDF.
"""

# korean file: the ranges of Hangul and hanja

import re

WORD_JOINER = "\u2060"
# Longer runs without a space or a sign to break after are not words: they may break anywhere.
LONGEST_WORD = 12

_SYLLABLE = (
    "\u1100-\u11ff\u3131-\u318c\u318e\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f"  # letters of Hangul, hanja
    "\uac00-\ud7a3\ud7b0-\ud7ff\uf900-\ufaff"  # syllables, the older hanja
)
# What a word is made of; a run of these is joined if a syllable is among them.
_RUN = re.compile(rf"[{_SYLLABLE}0-9A-Za-z]+")
_HAS_SYLLABLE = re.compile(f"[{_SYLLABLE}]")
# Between two signs of a run, unless both are Latin letters or digits, which hold together by themselves.
_WITHIN = re.compile(rf"(?<=[{_SYLLABLE}])(?=[{_SYLLABLE}0-9A-Za-z])|(?<=[0-9A-Za-z])(?=[{_SYLLABLE}])")
# A middle dot, a unit or an opening bracket does not begin a line; a particle does not follow a bracket on the next.
_BEFORE_SIGN = re.compile(rf"(?<=[{_SYLLABLE}])(?=[·ㆍ~∼%℃/(\[])")  # korean: the letter that is used as a dot
_AFTER_CLOSING = re.compile(rf"(?<=[)\]〉》」』”’\"'%℃])(?=[{_SYLLABLE}])")
# A code to be typed, as 3A4C-D6EF, stays on its line: at the end of one its hyphen would pass for one of the setter.
_WITHIN_CODE = re.compile(r"(?<=[0-9A-Z]-)(?=[0-9A-Z])")
# A bracket of one to three words in hanja belongs to the name before it; a longer one may stand on the next line.
_LONG_BRACKET = re.compile(rf"(?<=[{_SYLLABLE}]){WORD_JOINER}(?=[(\[][^)\]]{{{LONGEST_WORD},}})")


def keep_words(text: str) -> str:
    """`text` with joiners inside its Korean words. Latin words, numbers and addresses stay as they are."""
    if not _HAS_SYLLABLE.search(text):
        return text
    joined = _RUN.sub(_joined_run, text)
    joined = _BEFORE_SIGN.sub(WORD_JOINER, joined)
    joined = _AFTER_CLOSING.sub(WORD_JOINER, joined)
    joined = _WITHIN_CODE.sub(WORD_JOINER, joined)
    return _LONG_BRACKET.sub("", joined)


def _joined_run(found: re.Match[str]) -> str:
    run = found.group()
    if len(run) > LONGEST_WORD or not _HAS_SYLLABLE.search(run):
        return run
    return _WITHIN.sub(WORD_JOINER, run)


def keep_words_across(texts: list[str]) -> list[str]:
    """The same for one text that is cut in pieces, as by bold type: words that reach over a cut stay whole."""
    whole = "".join(texts)
    joined = keep_words(whole)
    pieces, position, rest = [], 0, iter(texts)
    for text in rest:
        end = position
        for sign in text:
            if joined[end] == WORD_JOINER and sign != WORD_JOINER:
                end += 1
            end += 1
        pieces.append(joined[position:end])
        position = end
    return pieces
