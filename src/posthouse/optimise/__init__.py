"""Pure engines: arrays and ids in, solutions out; none reads, writes, or knows another."""
