"""What every test stands on: a guarded database, a stopped clock, a closed network."""
