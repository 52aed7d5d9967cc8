"""How workers and web talk to the broker (Valkey): patient with a broker that restarts, never the same task twice."""

TRANSPORT = {
    "visibility_timeout": 7 * 3600,  # longer than the longest task, or it runs twice
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
    "retry_on_timeout": True,
}
