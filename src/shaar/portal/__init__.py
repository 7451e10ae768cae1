"""The public face of the city: first page, news, open data, contacts, and what makes it an app."""
