"""Tests of notices: occasions, texts, what becomes of drafts."""
