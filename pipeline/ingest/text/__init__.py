"""Text understanding: is it a complaint, of what, how bad, where, whose?"""
