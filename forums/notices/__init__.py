"""The kinds of notices that the club sends, by noun; registered when the app is ready."""
