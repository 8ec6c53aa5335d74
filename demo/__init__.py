"""A small world to try Tollwire on: an invented war, an invented flood, four invented newsrooms (see README.md)."""
