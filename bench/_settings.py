"""The site's settings with one address more: the empty view that pages are measured against."""

from config.settings import *  # noqa: F403 - the same settings, whatever they are

ROOT_URLCONF = "bench._urls"
