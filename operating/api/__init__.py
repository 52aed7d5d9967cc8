"""What the operator decides, over the API."""

from . import looks, mails, pages, switches

urlpatterns = [
    *pages.urlpatterns,
    *switches.urlpatterns,
    *looks.urlpatterns,
    *mails.urlpatterns,
]
