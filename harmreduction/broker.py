"""A queue in which anyone may have written: what is no message of ours is thrown away.

Celery by itself stops at the first message whose envelope or body it cannot read.
"""

import logging
from queue import Empty

from celery.exceptions import InvalidTaskError
from celery.worker.strategy import default
from kombu.transport import redis

log = logging.getLogger("scs.worker")
# What reading someone else's bytes as a message raises; a lost connection is none of these.
UNREADABLE = (ValueError, TypeError, LookupError, AttributeError)


class Forgiving:
    def _brpop_read(self, **options):
        try:
            return super()._brpop_read(**options)
        except UNREADABLE as error:
            log.error("a message that is none was thrown away: %s", type(error).__name__)
            raise Empty from None


class Channel(Forgiving, redis.Channel):
    pass


class Transport(redis.Transport):
    Channel = Channel


class WatchedChannel(Forgiving, redis.SentinelChannel):
    """Asks the sentinels who leads, each time it connects."""


class WatchedTransport(redis.SentinelTransport):
    Channel = WatchedChannel


def told_nothing(task, app, consumer, **more):
    """Celery's strategy for a task that takes no argument: any other message for it is refused."""
    handle = default(task, app, consumer, **more)

    def judged(message, body, ack, reject, callbacks, **named):
        try:
            args, kwargs, _embed = message.payload
            if args or kwargs:
                raise InvalidTaskError("told something")
            return handle(message, body, ack, reject, callbacks, **named)
        except UNREADABLE as error:
            raise InvalidTaskError(type(error).__name__) from None

    return judged
