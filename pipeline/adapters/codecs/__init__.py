"""Codecs: the only place where records become bytes and bytes become records."""
