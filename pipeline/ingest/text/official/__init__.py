"""Operators' own posts: what kind of post it is, and the end that it promises."""
