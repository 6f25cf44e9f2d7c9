"""The measure of all answers: the least Chalice application that could take a webhook in."""
