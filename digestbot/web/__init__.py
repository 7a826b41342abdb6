"""The web server that the sandbox, the panel, the archive and the probes share."""
