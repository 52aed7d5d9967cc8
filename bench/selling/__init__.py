"""What bench/ledger.py measures: the bare rows, the orders to be paid, and the ways in which they are taken."""
