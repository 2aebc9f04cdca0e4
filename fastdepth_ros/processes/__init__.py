"""Commands of this package as processes of their own."""
