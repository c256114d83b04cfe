"""The screens of the reception day, one module per screen."""
