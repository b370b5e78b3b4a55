"""Cold days and their shares: what the calculator `day_band` is made of."""
