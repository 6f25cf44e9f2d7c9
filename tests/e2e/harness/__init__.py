"""Driving the deployed stack: its clock, its queues, and what it sent."""
