"""The Linux packet filter: iptables and its relatives."""
