"""The project's own labelled text, and how the sentiment model is fitted on it. See README.md."""
