"""What people send to us: kept, understood, acted on, answered."""
