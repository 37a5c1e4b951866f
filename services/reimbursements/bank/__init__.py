"""What the bank answers: statements, advices, suspense."""
