"""Work screens of staff: logistics and the programme team."""
