"""Curation: from story files to stories in service."""
