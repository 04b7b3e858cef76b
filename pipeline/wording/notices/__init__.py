"""The words of notices: parts, what each outlet can take, and the text that is put together."""
