"""RESPOND: what follows from a change of an incident; pure and without a memory.

It sees the revision before and the one after, and nothing else: so what it
says depends on the change alone, and a repeat after a crash has the same ids.
"""
