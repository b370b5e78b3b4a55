"""Messages: whom they go to, what they say, and what people reply."""
