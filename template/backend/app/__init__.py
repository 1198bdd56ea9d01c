"""The API: one package a domain, and the adapters behind their ports."""
