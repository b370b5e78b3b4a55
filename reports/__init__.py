"""What people file: compliance reports, refund sheets."""
