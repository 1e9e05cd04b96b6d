"""Tables whose rows are calls: Parquet and Arrow files, read with pyarrow."""
