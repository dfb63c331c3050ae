"""What the club holds about a person, by noun; registered when the app is ready."""
