"""What stands in Korean on a page in another language, marked so that a voice reads it rightly.

Names and texts that officials enter are Korean; the words of the site are the reader's.
"""

import re

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()

QUOTED = re.compile("“([^“”]+)”")
HANGUL = re.compile("[\uac00-\ud7a3]")  # korean: the range of syllables


def _page_is_korean() -> bool:
    return (get_language() or "ko").startswith("ko")


@register.filter
def in_korean(text: object) -> SafeString:
    """A text, marked where it stands in Korean and the page does not."""
    if HANGUL.search(str(text)) and not _page_is_korean():
        return format_html('<span lang="ko">{}</span>', text)
    return escape(text)


@register.filter
def korean_names(sentence: str) -> SafeString:
    """A sentence of the site whose names stand in “…”, each marked where it is Korean and the page is not."""
    text = str(escape(sentence))
    if not _page_is_korean():
        text = QUOTED.sub(r'“<span lang="ko">\1</span>”', text)
    return mark_safe(text)  # noqa: S308 - escaped above
