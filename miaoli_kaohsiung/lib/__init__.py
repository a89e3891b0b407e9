"""One module a topic, without models. Nothing here imports from another package of the project."""
