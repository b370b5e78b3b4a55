"""What readings mean: comfort, outages, policies, refunds, ledger."""
