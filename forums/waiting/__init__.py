"""What waits for the secretariat, by noun; registered when the app is ready."""
