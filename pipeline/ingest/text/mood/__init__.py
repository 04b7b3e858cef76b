"""Mood: is a text hostile, neutral or favourable?"""
