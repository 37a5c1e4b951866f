"""Review: the stages of an application, who holds them, what evaluators say, and what comes of it."""
