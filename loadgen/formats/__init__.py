"""What is written and read: scenarios, records, histograms. The lab imports no more."""
