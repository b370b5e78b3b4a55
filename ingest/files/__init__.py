"""History from files: CSV and Parquet, wide or long, in columns from the first byte to the last."""
