"""What the screens of the reception day read: one module per screen, a fixed number of SQL queries each."""
