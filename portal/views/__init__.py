"""Pages that look across the apps: start page, dongs, my page, and what the site says about itself."""

from portal.views.about import about
from portal.views.display import display
from portal.views.dongs import dong, dongs
from portal.views.home import home
from portal.views.mine import me
from portal.views.search import search
from portal.views.styleguide import styleguide

__all__ = ["about", "display", "dong", "dongs", "home", "me", "search", "styleguide"]
