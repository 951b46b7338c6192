"""Access lists as IOS, NX-OS, IOS-XR and EOS write them: what they share, with a dialect for what differs."""
