"""Pages that look across the apps: start page, dongs, my page, and what the site says about itself."""

from portal.views.about import about
from portal.views.display import display
from portal.views.dongs import choose, dong
from portal.views.finding import dongs, find
from portal.views.home import home
from portal.views.mine import me
from portal.views.search import search
from portal.views.styleguide import styleguide

__all__ = ["about", "choose", "display", "dong", "dongs", "find", "home", "me", "search", "styleguide"]
