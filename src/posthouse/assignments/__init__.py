"""Plan, Finding and Task to Assignment; its states; evidence and Measurement to Verdict."""
