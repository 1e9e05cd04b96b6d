"""Objects in buckets: `s3://`, `gs://` and `az://`. The client library runs in a helper process; see `access`."""
