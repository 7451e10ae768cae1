"""The page shell and the components that every module's pages are made of."""
