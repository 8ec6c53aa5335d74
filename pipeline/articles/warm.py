"""Imported by the process that workers are forked from: loads what takes long, so that all of them share it."""

from pipeline.articles.page import language_of

language_of("A language model takes a second to read from disk; after this sentence it is there.")
