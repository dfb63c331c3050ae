"""The officials' desk: Django's admin with our doors."""

from django.contrib.admin import AdminSite


class DeskSite(AdminSite):
    pass
