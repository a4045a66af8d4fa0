"""Hostile and spoiled workbooks, made out of a really issued form, each with the verdict that it must get.

`cases` is the table, `zips`, `contents` and `typings` are its three rooms; `python -m tests.hostile [--long]` runs everything and prints its
counts.
"""
