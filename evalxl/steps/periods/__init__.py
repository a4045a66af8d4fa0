"""Rolling up months, quarters and years, and issuing and reading what leaders enter for them."""
