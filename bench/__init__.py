"""How fast a person is reached, and at what cost, beside a yardstick of a few lines."""
