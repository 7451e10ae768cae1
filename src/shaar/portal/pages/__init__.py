"""Text pages that staff look after: about, accessibility, privacy, contacts; every version is kept."""
