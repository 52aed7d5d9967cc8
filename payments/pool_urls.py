"""Addresses of the pool of the pass."""

from django.urls import path

from .views import pool

urlpatterns = [
    path("studio/pool/", pool.pool, name="pool"),
    path("finance/pool/", pool.finance_pool, name="finance_pool"),
    path("finance/pool/<int:pk>/", pool.pool_division, name="pool_division"),
    path("finance/pool/look/<slug:currency>/", pool.look_at_pool, name="look_at_pool"),
]
