"""The documents of the club, by noun; registered when the app is ready."""
