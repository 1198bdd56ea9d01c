"""What the tests of every layer ask of a Postgres of their own."""

# Nothing in it must outlive the run, so nothing waits for a disk.
IN_A_HURRY = {
    "autovacuum": "off",
    "fsync": "off",
    "full_page_writes": "off",
    "io_method": "sync",
    "max_wal_senders": "0",
    "shared_buffers": "16MB",
    "synchronous_commit": "off",
    "wal_level": "minimal",
}
