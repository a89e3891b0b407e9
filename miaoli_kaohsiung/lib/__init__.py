"""One-topic helpers without models. Nothing in here imports from another room of the project."""
