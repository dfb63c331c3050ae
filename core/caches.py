"""The store of public pages on Redis, which the site can do without: while Redis is away, pages are drawn anew."""

import logging
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger("madang.caches")


class PagesOnRedis(RedisCache):
    """Knows nothing while Redis is away. Only for what can be made again: never for what limits attempts."""

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        try:
            return super().get(key, default, version)
        except RedisError as error:
            logger.warning("pages are not stored: %s", type(error).__name__)
            return default

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        try:
            super().set(key, value, timeout, version)
        except RedisError as error:
            logger.warning("pages are not stored: %s", type(error).__name__)
