"""Which incident is about which outage, and what is to be said of each: plain facts, no averages."""
