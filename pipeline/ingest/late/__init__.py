"""Time of a record: is it late, and is its feed always?"""
