"""Tables that the club imports, by noun; registered when the app is ready."""
