from .earnings import urlpatterns as earnings
from .finance import urlpatterns as finance

urlpatterns = [*earnings, *finance]
