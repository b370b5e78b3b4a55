"""Facts as people ask for them: every version, withdrawals, and what stands open."""
