"""Planned work that lies ahead: people are told before anybody feels it, and told if it does not take place."""
