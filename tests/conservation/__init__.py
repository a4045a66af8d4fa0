"""Nothing is lost and nothing becomes what it is not: a whole small office at random, against a second, independent statement of the rules.

`model` states the contract's "Versions and states" and the settled questions once more, in plain Python without a line of evalxl; `town` is the
office at work on real files; `machine` lets hypothesis play both; `mixed` is a week in which most forms are good and many are spoiled.
The tests here are a short run; `python -m tests.conservation --long` is the long one.
"""
