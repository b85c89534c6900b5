"""Programs that call models as users of each library do; every one is run as a process of its own."""
