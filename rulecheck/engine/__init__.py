"""The exact analysis: which rules of a policy can never decide a packet, which change nothing, and why."""
