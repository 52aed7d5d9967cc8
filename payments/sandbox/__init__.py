"""The sandbox: the payment provider played in this process, with tables of its own and no money.

It answers the same requests, in the same shapes, and signs the same webhooks as Stripe. It knows nothing of orders or
of the ledger; its own record of money moved (`oracle`) judges them both.
"""
