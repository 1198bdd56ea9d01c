"""The only code that knows what stores the data. Each adapter fills a port of a domain."""
