"""The commands of this folder: `uv run dev`, `serve`, `check` and `fix`."""
