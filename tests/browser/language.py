"""Words of the other language on a page: English that nobody translated, and Korean that is not the town's own data."""

import re
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po
from django.apps import apps
from django.conf import settings
from django.db.models import CharField, JSONField, TextField

# Four words of Latin letters in a row are a sentence, not a name.
SENTENCE = re.compile(r"(?:[A-Za-z’']{2,}[ ,;:]+){3,}[A-Za-z’']{2,}")
HANGUL = re.compile(r"[가-힣ㄱ-ㅎㅏ-ㅣ]+(?:[ ·,.]*[가-힣ㄱ-ㅎㅏ-ㅣ]+)*")
ENGLISH_MEANT = ("Apache License",)
MASKED_NAME = r"[가-힣]{1,2}[*○]+[가-힣]{0,2}"
# What people of the town wrote stays as they wrote it, on English pages too.
WRITTEN_BY_PEOPLE = ("residents", "ordinances", "councils", "assemblies", "meetings", "forums")


@cache
def ids() -> tuple[str, ...]:
    """The English of every message of the catalogue."""
    path = Path(settings.BASE_DIR, "locale/ko/LC_MESSAGES/django.po")
    with path.open("rb") as file:
        catalogue = read_po(file, locale="ko")
    return tuple(
        text for message in catalogue for text in (message.id if isinstance(message.id, tuple) else (message.id,))
    )


@cache
def messages() -> tuple[str, ...]:
    """Every English piece of three words or more of the catalogue that has a Korean text."""
    pieces = set()
    for text in ids():
        for piece in re.split(r"%\(\w+\)[a-z]|%[a-z]|\n", text):
            words = re.sub(r"\s+", " ", piece).strip(" .,:;()“”")
            if len(re.findall(r"[A-Za-z]{2,}", words)) > 2:
                pieces.add(words)
    return tuple(pieces)


def english_in(said: str) -> list[str]:
    """English on a Korean page."""
    found = [message for message in messages() if message in said]
    return found + [text for text in SENTENCE.findall(said) if not any(meant in text for meant in ENGLISH_MEANT)]


def _strings(value: object) -> set[str]:
    if isinstance(value, str):
        return {line.strip() for line in value.splitlines()}
    if isinstance(value, dict):
        return set().union(*map(_strings, value.values()))
    if isinstance(value, list):
        return set().union(*map(_strings, value))
    return set()


def data_of_the_town() -> re.Pattern[str]:
    """What the database holds in Korean and what English texts quote, the longest first."""
    # Korean that an English text shows as an example ("a dong is also found by ㄱㅎ") is meant.
    found = {str(settings.SITE_OWNER)}.union(*(HANGUL.findall(text) for text in ids()))
    for label in WRITTEN_BY_PEOPLE:
        for model in apps.get_app_config(label).get_models():
            fields = [one.name for one in model._meta.fields if isinstance(one, CharField | TextField | JSONField)]
            for row in model._default_manager.values_list(*fields).iterator() if fields else ():
                found |= set().union(*map(_strings, row))
    korean = sorted((text for text in found if len(text) > 1 and HANGUL.search(text)), key=len, reverse=True)
    return re.compile("|".join([*map(re.escape, korean), MASKED_NAME]))


def korean_in(said: str, data: re.Pattern[str]) -> list[str]:
    """Korean on an English page, beside the data of the town and what is marked as Korean."""
    return list(dict.fromkeys(HANGUL.findall(data.sub("", said))))
