"""What an audit of the history finds: pure functions from tickets before and after a commit."""
