"""Figures and data as files that people take away: workbooks, CSV, and a member's own archive."""
