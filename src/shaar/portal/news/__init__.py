"""News and notices: staff write them, the public reads them, urgent ones stand over every public page."""
