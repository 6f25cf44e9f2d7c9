"""A small local stand-in for Slack, Meta's Graph API and the people around them, for the demo and the tests.

It speaks the documented contracts over HTTP on this machine alone, checks what it receives as strictly as the
vendors' own models do, fails when told to, and shows everything on one page. No part of a deployment uses it.
"""
