"""The command line: `tollwire`, one command a stage and one for all."""

from pipeline.cli.main import main

__all__ = ["main"]
