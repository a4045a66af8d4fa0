"""Setting up and maintaining an office: init, check, backup, templates, retention of the archive."""
