"""Workbooks that go out: a template is copied, and only the part with one person's values is written anew."""
