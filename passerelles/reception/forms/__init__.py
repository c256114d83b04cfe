"""What agents type on the reception day, checked before it reaches the verbs."""
