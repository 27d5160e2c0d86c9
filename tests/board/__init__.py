"""The board, tried in a real browser."""
