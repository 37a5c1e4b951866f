"""Where everything is, for operators: cases by stage, what needs a hand, how far behind each service is."""
