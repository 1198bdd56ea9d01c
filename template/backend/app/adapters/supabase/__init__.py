"""The ports, filled by Supabase."""
