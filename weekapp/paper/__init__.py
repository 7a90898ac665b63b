"""Paper for people without internet: a poster for each activity, and the programme of a municipality as booklet or large-print list."""
