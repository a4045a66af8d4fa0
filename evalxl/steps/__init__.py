"""One module per verb of the office: gather, decide, write down."""
