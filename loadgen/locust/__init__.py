"""Where Locust is imported: master, workers, web page, and the process that each is."""
