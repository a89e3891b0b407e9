"""Builders of what the tests need, as plain as it can be; each test says only what it is about."""
