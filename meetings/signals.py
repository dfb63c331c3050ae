"""What the apps above may listen to. Sent in the transaction of the act: queue with `transaction.on_commit`."""

from django.dispatch import Signal

# meeting: Meeting, actor: User or None, at: datetime
meeting_called = Signal()
meeting_cancelled = Signal()
meeting_closed = Signal()
# fields: names of the fields of a meeting that had been called before, besides those above
meeting_changed = Signal()
# minutes: Minutes, actor, at
minutes_approved = Signal()
