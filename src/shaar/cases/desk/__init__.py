"""The staff workspace: one inbox over all modules, saved filters, assignment and steps in bulk."""
