"""Accounts: users register, sign in and stay signed in."""
