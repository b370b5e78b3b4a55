"""The operators' web console: one page, Chinese and English, nothing else to install."""
