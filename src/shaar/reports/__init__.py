"""The annual report and open data, every figure a link to its facts."""
