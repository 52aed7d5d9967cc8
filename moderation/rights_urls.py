"""Claims of copyright: filing one, and one's own claims on either side."""

from django.urls import path

from .views import rights

app_name = "rights"
urlpatterns = [
    path("", rights.claims, name="claims"),
    path("claims/<int:pk>/", rights.claim, name="claim"),
    path("claims/<int:pk>/counter/", rights.counter, name="counter"),
    path("claims/<int:pk>/go-on/", rights.go_on, name="go_on"),
    path("claims/<int:pk>/withdraw/", rights.withdraw, name="withdraw"),
    path("claims/<int:pk>/proof/", rights.proof, name="proof"),
    path("<slug:kind>/<str:key>/", rights.file_claim, name="file_claim"),
]
