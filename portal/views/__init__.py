"""Pages that look across the apps: start page, dongs, my page, and what the site says about itself."""

from portal.views.about import about
from portal.views.dongs import dong, dongs
from portal.views.home import home
from portal.views.mine import me

__all__ = ["about", "dong", "dongs", "home", "me"]
