"""What comes when nobody acts, under the deadlines as they are and as they might be."""
