"""Cisco platforms: block structure and vocabulary are shared, each platform has its folder."""
