"""What the network reports: gauges and counters, the habits of vendors, and faults of the monitoring itself."""
