"""What follows an outage: reports to regulators while it lasts, and after it a survey, an analysis, money, mending."""
