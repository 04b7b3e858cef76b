"""Contracts: schemas, examples, AsyncAPI, compatibility."""
