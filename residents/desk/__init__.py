"""The officials' desk: Django's admin behind our door, where everybody sees what is theirs and writes through services.

- `DeskSite`: who enters (site.py);
- `ScopedAdmin`, `ScopedTabularInline`, `ScopedStackedInline`: lists and forms that keep to the regions of a role
  (scoped.py);
- `Act`: a step with a button, a page that asks back, and a service (acts.py);
- `register_waiting`, `Waiting`: what waits for an official today, what goes on now and the next date (waiting.py);
- `put_on_shelf`: where a list stands in the menu, and what it is for; `put_page_on_shelf`: the same for a page of the
  site that officials work with (shelves.py).
"""

from residents.desk.acts import Act
from residents.desk.scoped import ScopedAdmin, ScopedStackedInline, ScopedTabularInline
from residents.desk.site import DeskSite
from residents.desk.waiting import Waiting, register_waiting, waiting_for

__all__ = [
    "Act",
    "DeskSite",
    "ScopedAdmin",
    "ScopedStackedInline",
    "ScopedTabularInline",
    "Waiting",
    "register_waiting",
    "waiting_for",
]
