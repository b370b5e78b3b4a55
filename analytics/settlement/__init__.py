"""Facts and a policy to lines, with the steps that led to them."""
