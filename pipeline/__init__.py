"""Tollwire: from news feeds to running totals of casualties and displacement, each traceable to a sentence."""

__version__ = "0.1.0"
