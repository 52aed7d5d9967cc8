from .buying import urlpatterns as buying
from .earnings import urlpatterns as earnings
from .finance import urlpatterns as finance
from .sandbox import urlpatterns as sandbox

urlpatterns = [*buying, *earnings, *finance, *sandbox]
