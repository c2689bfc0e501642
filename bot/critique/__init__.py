"""Bio critics: the offline rubric, which is the default, and a language model behind its guards."""
