"""What servers.http1 promises, as case tables, properties and comparisons with other parsers."""
