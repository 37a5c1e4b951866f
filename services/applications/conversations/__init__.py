"""What those who take part in a case write to each other: messages, mails, notes of calls."""
