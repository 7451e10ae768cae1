"""What requests, orders and documents share: states, deadlines, timeline, files, one inbox."""
