"""The proof: a real bot process, killed again and again beside a Discord that fails, loses and doubles nothing."""
