from django.contrib.admin.apps import AdminConfig


class AdminApp(AdminConfig):
    """Django's data pages, with our door before them."""

    default_site = "accounts.admin_site.Site"
