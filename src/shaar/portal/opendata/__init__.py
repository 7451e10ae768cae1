"""Open data: what the public pages show, as tables that anyone may take, described for catalogues."""
