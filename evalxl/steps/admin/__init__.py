"""Setting up and keeping an office: making it, checking it, backing it up, its templates, the years of its archive."""
